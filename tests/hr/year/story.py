"""The year, day by day. Each line is one thing that happens, at noon where no hour is given."""

from tests.hr.year.town import (
    begins,
    gets_unit,
    has_approved,
    is_back,
    is_corrected,
    is_credited,
    is_exempt,
    is_founded,
    is_moved_below,
    is_noted,
    is_paused,
    is_renamed,
    is_tagged,
    is_withdrawn,
    joins,
    joins_programme,
    leads,
    leaves,
    moves,
    requires,
    requires_no_longer,
    sends_in,
    takes,
    takes_again,
    works_also_in,
)

NORTHBY, SOUTHBY = "Northby", "Southby"

BEFORE = [
    ("2024-02-01", is_founded, NORTHBY),
    ("2024-02-01", is_founded, SOUTHBY),
    ("2024-02-02", gets_unit, NORTHBY, "Care"),
    ("2024-02-02", gets_unit, "Care", "Home care"),
    ("2024-02-02", gets_unit, "Care", "Night care"),
    ("2024-02-02", gets_unit, NORTHBY, "Kitchen"),
    ("2024-02-02", gets_unit, SOUTHBY, "School"),
    ("2024-03-01", joins, "Anna", "Home care"),
    ("2024-03-01", joins, "Bengt", "Home care"),
    ("2024-03-01", joins, "David", "Kitchen"),
    ("2024-03-01", joins, "Elin", "Care"),
    ("2024-03-01", leads, "Elin", "Care"),
    ("2024-03-01", joins, "Greta", "Kitchen"),
    ("2024-03-01", joins, "Hugo", "Kitchen"),
    ("2024-03-01", joins, "Ines", "School"),
    ("2024-09-10", takes, "Anna", "safety"),
]

RULES = [
    (
        # All learners: 60 days to learn it, once a year, although the course itself counts for two.
        "2024-11-20", requires, NORTHBY, "safety", "2025-01-01",
        {"due_days": 60, "validity_months": 12, "renewal_opens_days": 60,
         "equivalents": ("older-safety",)},
    ),
    ("2024-11-20", requires, NORTHBY, "leading", "2025-01-01",
     {"roles": ["manager"], "due": "2025-03-31"}),
    ("2024-11-20", requires, NORTHBY, "walker", "2025-01-01", {"tags": ["coach"], "due_days": 180}),
    ("2024-11-20", requires, NORTHBY, "welcome", "2025-01-01",
     {"started_from": "2025-01-01", "due_days": 30}),
    ("2025-01-13", requires, NORTHBY, "lifting", "2025-01-15",
     {"units": ["Care"], "due": "2025-06-30"}),
]  # fmt: skip

SPRING = [
    ("2025-01-20", sends_in, "Elin", "Fire course", "2025-01-18"),
    ("2025-02-03", joins, "Cecilia", "Night care"),
    ("2025-02-05", has_approved, "Elin", "safety"),
    ("2025-02-10", is_noted, "David", "older-safety", "2024-05-20"),
    ("2025-02-10", begins, "Cecilia", "welcome"),
    ("2025-02-14", is_credited, "Greta", "safety", "2025-02-10"),
    ("2025-02-20", begins, "Bengt", "safety"),
    ("2025-02-25", takes, "Hugo", "safety"),
    ("2025-02-26", requires, SOUTHBY, "safety", "2025-03-01", {"due": "2025-05-31"}),
    ("2025-03-03", takes, "Cecilia", "welcome"),
    ("2025-03-20", takes, "Bengt", "safety"),
    ("2025-03-20", takes, "Elin", "leading"),
    ("2025-03-20", moves, "David", "Home care", "2025-03-01"),
    ("2025-04-01", works_also_in, "Hugo", "School"),
    ("2025-05-05", joins, "Farid", "Kitchen"),
    ("2025-05-05", is_tagged, "Farid", "coach"),
    ("2025-05-09", is_paused, "Cecilia", "2025-04-01", "2025-09-30"),  # parental leave
    ("2025-05-14", is_noted, "Anna", "lifting", "2025-05-12"),
    ("2025-05-15", leaves, "Greta", "2025-05-31"),
    ("2025-05-19", begins, "Ines", "safety"),
    ("2025-05-26", is_paused, "Elin", "2025-06-01"),  # a secondment, nobody knows for how long
    ("2025-05-28", takes, "Ines", "safety"),
]

SUMMER = [
    ("2025-06-02", is_renamed, "Night care", "Evening care"),
    ("2025-06-05", is_exempt, "David", "lifting", "2025-09-15"),
    ("2025-06-16", takes, "Farid", "safety"),
    ("2025-06-19", joins_programme, "Farid", "walker"),
    ("2025-07-01 00:30", takes, "Bengt", "lifting"),  # still June in UTC
    ("2025-07-07", is_noted, "Hugo", "safety", "2025-07-05", SOUTHBY),
    ("2025-08-11", takes, "David", "safety"),
    ("2025-08-18", takes, "Farid", "first-steps"),
    ("2025-08-25", requires, NORTHBY, "leading", "2025-09-01",
     {"roles": ["manager"], "due": "2025-12-15", "validity_months": 6, "renewal_opens_days": 30}),
]  # fmt: skip

AUTUMN = [
    ("2025-09-01 08:00", is_back, "Elin"),
    ("2025-09-03", takes_again, "Anna", "safety"),
    ("2025-09-09", leaves, "Hugo", "2025-09-09"),
    ("2025-09-22", is_moved_below, "Kitchen", "Care"),
    ("2025-09-25", works_also_in, "Hugo", "Kitchen"),
    ("2025-10-02", takes, "Cecilia", "safety"),
    ("2025-10-06", is_corrected, "Anna", "lifting", "2025-07-04"),
    ("2025-10-20", requires_no_longer, NORTHBY, "welcome", "2025-10-31"),
    ("2025-10-20", takes, "Elin", "lifting"),
    ("2025-10-28", takes, "Farid", "lifting"),
    ("2025-11-03", is_withdrawn, "Bengt", "safety"),
    ("2025-11-10", takes, "David", "lifting"),
    ("2025-11-17", is_moved_below, "Night care", None),
    ("2025-11-20", is_withdrawn, "Farid", "lifting"),
    ("2025-11-24", takes_again, "Elin", "leading"),
    ("2025-12-01", takes, "Hugo", "lifting"),
    ("2025-12-10", takes_again, "Bengt", "safety"),
]

YEAR = [*BEFORE, *RULES, *SPRING, *SUMMER, *AUTUMN]
TODAY = "2026-01-12"
