"""What a coach can try at work after a course, by language and course."""

from collections.abc import Sequence

from innocap_lms.plugin_api import Card, Learner, hookimpl

PRACTICE = {
    "sv": {
        "digital-foundations": Card(
            "Pröva i veckan: en kvart med en kollega",
            "Intervjua en kollega i tio minuter. Placera behovet i ett DigComp-område, välj en av "
            "principerna för digital samverkan och håll en genomgång på femton minuter.",
            "/courses/digital-foundations/teach-a-colleague",
            "Läs om genomgången",
        ),
        "data-gis-iot": Card(
            "Pröva i veckan: ett datakort",
            "Välj en fråga som kommer tillbaka i din enhet. Fyll i datakortets åtta fält och "
            "skissa den enklaste karta eller det enklaste diagram som skulle ändra ett beslut.",
            "/courses/data-gis-iot/question-to-data",
            "Läs om datakortet",
        ),
        "ai-in-the-municipality": Card(
            "Pröva i veckan: ett användningskort",
            "Ta en riktig arbetsuppgift, gärna en liten. Fyll i användningskortet, med en "
            "stoppregel som har mått, gräns och person, och gå igenom det med din chef.",
            "/courses/ai-in-the-municipality/assess-a-case",
            "Läs om användningskortet",
        ),
        "security-and-identity": Card(
            "Pröva i veckan: en fredag klockan 15.20",
            "Håll en övning på 30 minuter med din grupp: leverantören är hackad. Fem samtal, det "
            "som görs på papper, en mening till personalen och två klockslag.",
            "/courses/security-and-identity/incidents",
            "Läs om planen på ett papper",
        ),
        "accessible-and-procured": Card(
            "Pröva i veckan: sex kontroller",
            "Gör de sex kontrollerna av ett dokument som du själv har publicerat, rätta två saker "
            "och skriv ett krav som går att testa till nästa köp.",
            "/courses/accessible-and-procured/accessible-document",
            "Läs om de sex kontrollerna",
        ),
    },
    "en": {
        "digital-foundations": Card(
            "Try this week: fifteen minutes with a colleague",
            "Interview a colleague for ten minutes. Place the need in one DigComp area, pick one "
            "principle of digital collaboration and hold a fifteen-minute instruction.",
            "/courses/digital-foundations/teach-a-colleague",
            "Read about the instruction",
        ),
        "data-gis-iot": Card(
            "Try this week: a data card",
            "Choose a question that keeps coming back in your unit. Fill in the eight fields of "
            "the data card and sketch the simplest map or chart that would change a decision.",
            "/courses/data-gis-iot/question-to-data",
            "Read about the data card",
        ),
        "ai-in-the-municipality": Card(
            "Try this week: a use-case card",
            "Take a real task, a small one if you can. Fill in the use-case card, with a stop rule "
            "that has a measure, a limit and a person, and go through it with your manager.",
            "/courses/ai-in-the-municipality/assess-a-case",
            "Read about the use-case card",
        ),
        "security-and-identity": Card(
            "Try this week: a Friday at 3.20 pm",
            "Hold an exercise of 30 minutes with your team: the supplier has been hacked. Five "
            "calls, what runs on paper, one sentence to staff and two times of day.",
            "/courses/security-and-identity/incidents",
            "Read about the plan on one sheet",
        ),
        "accessible-and-procured": Card(
            "Try this week: six checks",
            "Run the six checks on a document you have published yourself, put two things right "
            "and write a requirement that can be tested for the next purchase.",
            "/courses/accessible-and-procured/accessible-document",
            "Read about the six checks",
        ),
    },
}


@hookimpl
def dashboard_cards(learner: Learner) -> Sequence[Card]:
    """What to try at work, once the course that prepares for it is completed."""
    language = learner.language if learner.language in PRACTICE else "en"
    return [card for course, card in PRACTICE[language].items() if course in learner.completed]
