"""Reads sensitivity labels (Microsoft Purview), which Office keeps among its own properties."""

import re
from collections.abc import Mapping

_PROPERTY = re.compile(r"MSIP_Label_([0-9A-Fa-f-]{36})_(\w+)$")


def sensitivity(properties: Mapping[str, str]) -> str | None:
    """Return the name of the label that a file carries, else its id; None without a label.

    Office writes MSIP_Label_<id>_Enabled, _Name, _Method and others for each label; removed
    labels stay with "Enabled" false.

    :param properties: the properties that programs added to the file, by name.
    """
    labels: dict[str, dict[str, str]] = {}
    for name, value in properties.items():
        match = _PROPERTY.match(name.strip())
        if match:
            labels.setdefault(match.group(1).lower(), {})[match.group(2).lower()] = value.strip()
    for key, facts in labels.items():
        if facts.get("enabled", "true").lower() in ("true", "1", "yes"):
            return facts.get("name") or key
    return None
