"""The made-up market: accounts, and the deals of the last fourteen months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from app.sample.model import SampleAccount, SampleDeal, SamplePerson

STAGES = ("identify", "explore", "evaluate", "select", "validate", "commit")
# How far into a deal each stage ends, as a share of its length.
_STAGE_ENDS = (0.10, 0.30, 0.52, 0.68, 0.86, 1.01)
_DEALS = 104
_ACCOUNTS = (
    ("Aldermoor Foods", "food", "mid", "UK and Nordics"),
    ("Brackenfield Dairies", "food", "mid", "UK and Nordics"),
    ("Caldbeck Pharmacy Group", "pharma", "ent", "UK and Nordics"),
    ("Dunmarrow Freight", "logistics", "mid", "UK and Nordics"),
    ("Eskdale Grocers", "grocery", "ent", "UK and Nordics"),
    ("Fjordglimt Seafood", "food", "mid", "UK and Nordics"),
    ("Granvik Apotek", "pharma", "mid", "UK and Nordics"),
    ("Holmside Logistics", "logistics", "smb", "UK and Nordics"),
    ("Ivarsson Kyl", "logistics", "mid", "UK and Nordics"),
    ("Kestrel Vaccines", "pharma", "ent", "UK and Nordics"),
    ("Lunde Matvarer", "grocery", "ent", "UK and Nordics"),
    ("Moorgate Kitchens", "food", "smb", "UK and Nordics"),
    ("Nordlys Biotech", "pharma", "mid", "UK and Nordics"),
    ("Oakhanger Meats", "food", "smb", "UK and Nordics"),
    ("ACME Feinkost", "food", "mid", "DACH"),
    ("Bergtal Molkerei", "food", "mid", "DACH"),
    ("Donauquell Getränke", "food", "mid", "DACH"),
    ("Eisenach Pharmahandel", "pharma", "ent", "DACH"),
    ("Frischwerk Märkte", "grocery", "ent", "DACH"),
    ("Grünwald Biologika", "pharma", "mid", "DACH"),
    ("Hafner Kühltransporte", "logistics", "mid", "DACH"),
    ("Isartal Tiefkühl", "food", "mid", "DACH"),
    ("Kronach Apotheken", "pharma", "mid", "DACH"),
    ("Lindauer Fisch", "food", "smb", "DACH"),
    ("Nordalp Spedition", "logistics", "ent", "DACH"),
    ("Rheinmarkt Filialen", "grocery", "mid", "DACH"),
    ("Säntis Laborlogistik", "logistics", "smb", "DACH"),
    ("Tannberg Wurstwaren", "food", "smb", "DACH"),
    ("Atelier Fromage", "food", "smb", "Benelux and France"),
    ("Beaumarché Frais", "grocery", "ent", "Benelux and France"),
    ("Cornelis Koeltransport", "logistics", "mid", "Benelux and France"),
    ("Delvaux Traiteur", "food", "mid", "Benelux and France"),
    ("Escaut Pharma", "pharma", "ent", "Benelux and France"),
    ("Flandrin Surgelés", "food", "mid", "Benelux and France"),
    ("Graanstad Supermarkten", "grocery", "mid", "Benelux and France"),
    ("Kaapkade Logistics", "logistics", "ent", "Benelux and France"),
    ("Laboratoires Mérival", "pharma", "mid", "Benelux and France"),
    ("Maasvis", "food", "smb", "Benelux and France"),
    ("Oosterveld Zuivel", "food", "mid", "Benelux and France"),
    ("Provenza Freschi", "food", "mid", "Benelux and France"),
)  # fmt: skip
_SIZES = {"smb": (40, 160), "mid": (180, 900), "ent": (1100, 4200)}
_FEES = {"pharma": 38, "logistics": 27, "food": 19, "grocery": 19}
_TABLE = {
    "pharma": ("line_of_business", "operations", "it", "finance"),
    "logistics": ("operations", "sales", "finance", "it"),
    "food": ("operations", "line_of_business", "finance"),
    "grocery": ("operations", "finance", "it", "procurement"),
}
_WHAT = {
    "pharma": ("Release for {n} lanes", "GDP monitoring", "Depots and lanes"),
    "logistics": ("Live lanes", "Trailer fleet", "Tender for chilled lanes"),
    "food": ("Plant monitoring", "Docks and cold rooms", "HACCP records"),
    "grocery": ("Store roll-out", "Pilot of {n} stores", "Cabinet monitoring"),
}


def plan_accounts() -> tuple[SampleAccount, ...]:
    """The accounts; keys are ``acc-01`` and so on."""
    return tuple(
        SampleAccount(f"acc-{number:02d}", *row) for number, row in enumerate(_ACCOUNTS, start=1)
    )


def plan_deals(
    accounts: Sequence[SampleAccount], people: Sequence[SamplePerson], now: datetime, dice: Random
) -> tuple[SampleDeal, ...]:
    """Deals in the order of their opening; the oldest is opened 425 days before ``now``."""
    deals = []
    for number in range(_DEALS):
        account = accounts[number % len(accounts)]
        owners = [p.key for p in people if p.role == "rep" and p.team == account.region]
        opened = now - timedelta(days=425 - number * 4 + dice.random() * 3, hours=dice.random() * 8)
        deals.append(_deal(number, account, dice.choice(owners), opened, now, dice))
    return tuple(deals)


def _deal(
    number: int, account: SampleAccount, owner: str, opened: datetime, now: datetime, dice: Random
) -> SampleDeal:
    """One deal: the more often it drags on, the more rarely it is won."""
    length = {"smb": 55, "mid": 110, "ent": 175}[account.segment] * dice.uniform(0.6, 1.6)
    closed = opened + timedelta(days=length)
    won = dice.random() < 0.41
    reach = 1.0 if won else dice.choice((0.25, 0.45, 0.6, 0.8, 0.95))
    outcome = "open" if closed >= now else ("won" if won else "lost")
    if outcome == "open":
        stage = stage_at((now - opened) / (closed - opened))
    else:
        stage = "commit" if won else stage_at(reach)
    low, high = _SIZES[account.segment]
    assets = dice.randrange(low, high, 10)
    what = dice.choice(_WHAT[account.industry]).format(n=dice.choice((10, 12, 20, 24)))
    table = _TABLE[account.industry]
    return SampleDeal(
        crm_id=f"OPP-{2400 + number}",
        account=account.key,
        name=f"{account.name} – {what}",
        stage=stage,
        outcome=outcome,
        amount_minor=assets * _FEES[account.industry] * 12 * 100,
        currency="EUR",
        opened_at=opened,
        closed_at=None if outcome == "open" else closed,
        owner=owner,
        personas=table[: 1 if account.segment == "smb" else dice.choice((2, 3))],
    )


def stage_at(share: float) -> str:
    """The stage of a deal after this share of its length."""
    return next(s for s, end in zip(STAGES, _STAGE_ENDS, strict=True) if share < end or end > 1)
