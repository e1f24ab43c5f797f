"""The people of the fictitious company."""

from __future__ import annotations

from app.sample.model import NOTICE, SampleCompany, SamplePerson

COMPANY = SampleCompany(
    name="Norrvane",
    tagline="Know before it spoils",
    products=("Norrvane Sense", "Norrvane Route", "Norrvane Release", "Norrvane Audit"),
    currency="EUR",
    notice=NOTICE,
)

_ROSTER = (
    ("callum", "Callum Reid", "rep", "UK and Nordics", "Leeds"),
    ("astrid", "Astrid Lindahl", "rep", "UK and Nordics", "Malmö"),
    ("priya", "Priya Nair", "rep", "UK and Nordics", "Leeds"),
    ("erik", "Erik Solberg", "rep", "UK and Nordics", "Malmö"),
    ("jonas", "Jonas Brandt", "rep", "DACH", "Munich"),
    ("lena", "Lena Hofer", "rep", "DACH", "Munich"),
    ("marek", "Marek Dvorak", "rep", "DACH", "Munich"),
    ("nina", "Nina Kessler", "rep", "DACH", "Munich"),
    ("amelie", "Amélie Laurent", "rep", "Benelux and France", "Rotterdam"),
    ("bram", "Bram de Wit", "rep", "Benelux and France", "Rotterdam"),
    ("chiara", "Chiara Fontana", "rep", "Benelux and France", "Rotterdam"),
    ("thomas", "Thomas Peeters", "rep", "Benelux and France", "Rotterdam"),
    ("ines", "Inês Carvalho", "marketer", "Marketing", "Rotterdam"),
    ("mateo", "Mateo Ruiz", "marketer", "Marketing", "Rotterdam"),
    ("sofia", "Sofia Bergman", "marketer", "Product marketing", "Malmö"),
    ("hana", "Hana Novak", "lead", "Enablement", "Munich"),
)

PEOPLE = tuple(
    SamplePerson(key, name, f"{key}@norrvane.example", role, team, region)
    for key, name, role, team, region in _ROSTER
)
