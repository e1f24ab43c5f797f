"""What people at the fictitious company type into the search, and what it shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random

from app.sample.model import SampleAsset

# Query -> pieces shown, best first. The first is what most people take.
FOUND: dict[str, tuple[str, ...]] = {
    "overview deck": ("overview-v4", "overview-v3", "overview-v4-uk", "overview-v4-acme",
                      "first-call-food", "first-call-pharma", "onepager-platform"),
    "pitch deck": ("overview-v4", "overview-v3", "first-call-pharma", "first-call-food",
                   "first-call-logistics", "first-call-grocery"),
    "pharma first call": ("first-call-pharma", "product-release", "brief-release", "case-calder"),
    "gdp": ("wp-gdp", "first-call-pharma", "security-pack", "onepager-platform", "product-sense"),
    "release decision": ("brief-release", "product-release", "case-calder", "first-call-pharma"),
    "stability budget": ("product-release", "brief-release", "battlecard-kelvanta"),
    "haccp": ("brief-haccp", "first-call-food", "onepager-platform", "erstgespraech-lebensmittel"),
    "dairy": ("case-bellmere", "first-call-food", "case-harrow", "first-call-grocery"),
    "grocery case study": ("case-harrow", "onepager-grocery", "first-call-grocery"),
    "case study food": ("case-bellmere", "case-harrow", "case-penrose", "case-marrow-bay"),
    "case study pharma": ("case-calder", "first-call-pharma", "onepager-vaccines"),
    "claims": ("case-tessaly", "first-call-logistics", "wp-cost", "roi-calculator"),
    "kelvanta": ("battlecard-kelvanta", "objections-price", "analyst-lindenmark"),
    "battlecard": ("battlecard-kelvanta", "battlecard-tempralog", "battlecard-haulmetrix"),
    "loggers": ("tco-loggers", "battlecard-tempralog", "playbook-loggers", "wp-cost"),
    "telematics": ("battlecard-haulmetrix", "datasheet-route", "product-route"),
    "connectors": ("datasheet-route", "product-route", "feature-matrix"),
    "roi": ("roi-calculator", "tco-loggers", "cfo-briefing", "wp-cost", "nv-op-0417"),
    "business case": ("roi-calculator", "cfo-briefing", "talk-track-finance", "tco-loggers"),
    "price list": ("price-list", "objections-price", "overview-v4", "overview-v3"),
    "discount": ("price-list", "objections-price", "talk-track-finance"),
    "soc 2": ("security-pack", "security-questionnaire", "rfp-text", "product-sense"),
    "security questionnaire": ("security-questionnaire", "security-pack", "objections-it"),
    "rfp": ("rfp-text", "security-questionnaire", "security-pack"),
    "sensor battery": ("datasheet-s2", "product-sense", "overview-v4", "rfp-text"),
    "gateway network": ("datasheet-g1", "objections-it", "product-sense", "security-pack"),
    "discovery questions": ("discovery-guide", "talk-track-ops", "playbook-loggers"),
    "cold email": ("email-cold", "email-after-demo"),
    "after demo": ("email-after-demo", "demo-script"),
    "implementation plan": ("implementation-guide", "kickoff-deck", "rfp-text"),
    "german one-pager": ("onepager-de", "erstgespraech-lebensmittel"),
    "français": ("onepager-fr",),
    "vaccine": ("onepager-vaccines", "product-release", "case-calder", "wp-gdp"),
    "energy": ("onepager-grocery", "nv-op-0417", "cfo-briefing", "roadmap-nda"),
    "cold room cost": ("wp-cost", "nv-op-0417", "roi-calculator", "cfo-briefing"),
    "energy saving": ("nv-op-0417", "brief-waste", "onepager-grocery"),
    "partner": ("partner-deck",),
    "qbr": ("qbr-template",),
    "roadmap": ("roadmap-nda", "product-sense"),
    "analyst report": ("analyst-lindenmark", "wp-cost"),
    "webinar": ("webinar-excursions", "wp-cost"),
    "small company story": ("case-penrose",),
    "sustainability": ("brief-waste", "nv-op-0417"),
}  # fmt: skip

# Query, filters, who asks, how often in the year: nothing is shown.
MISSED: tuple[tuple[str, tuple[tuple[str, str], ...], tuple[str, ...], int], ...] = (
    ("isotherra battlecard", (), ("callum", "priya", "jonas", "bram", "lena", "thomas"), 17),
    ("isotherra", (), ("callum", "erik", "marek", "amelie", "priya"), 11),
    ("fedramp", (), ("bram", "astrid", "priya", "nina"), 12),
    ("hipaa one-pager", (), ("priya", "callum", "thomas"), 9),
    ("blood bank", (), ("lena", "astrid"), 6),
    ("airfreight", (), ("bram", "marek", "erik"), 7),
    ("italiano", (), ("chiara",), 5),
    ("halal", (), ("amelie", "bram"), 3),
    ("reference list", (), ("marek", "jonas", "callum"), 5),
    ("price list", (("audience", "external"),), ("nina", "erik"), 6),
    ("case study", (("persona", "hr"),), ("chiara",), 2),
    ("battlecard", (("audience", "external"),), ("amelie", "callum"), 4),
)

# Query, how often: the list is looked at, and nothing is opened.
BROWSED = (
    ("energy saving", 14), ("cold room cost", 9), ("sustainability", 6), ("partner", 5),
    ("connectors", 5), ("small company story", 6),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shelf:
    """The pieces by key, for looking up what a query would have shown on a day."""

    by_key: dict[str, SampleAsset]

    def shown(self, query: str, at: datetime) -> tuple[str, ...]:
        """Keys of the pieces that the query shows at this time, best first."""
        return tuple(key for key in FOUND[query] if self.on_shelf(key, at))

    def on_shelf(self, key: str, at: datetime) -> bool:
        """Whether the file was there at this time and is still offered."""
        asset = self.by_key[key]
        born = asset.published_at or asset.created_at
        return born <= at and asset.status != "archived"

    def query_for(self, key: str, at: datetime, dice: Random) -> str | None:
        """A query that shows the piece at this time, most often one that shows it first."""
        shown = {query: self.shown(query, at) for query in FOUND}
        fitting = [query for query, keys in shown.items() if key in keys]
        weights = [3.0 / (1 + shown[query].index(key)) for query in fitting]
        return dice.choices(fitting, weights)[0] if fitting else None
