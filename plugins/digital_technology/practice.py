"""What a coach can try at work after a course, by language and course."""

from innocap_lms.plugin_api import Card

PRACTICE = {
    "sv": {
        "digital-foundations": Card(
            "Pröva i veckan: en kvart med en kollega",
            "Intervjua en kollega i tio minuter. Placera behovet i ett DigComp-område, välj en av "
            "principerna för digital samverkan och håll en genomgång på femton minuter.",
            "/courses/digital-foundations/teach-a-colleague",
            "Läs om genomgången",
        )
    },
    "en": {
        "digital-foundations": Card(
            "Try this week: fifteen minutes with a colleague",
            "Interview a colleague for ten minutes. Place the need in one DigComp area, pick one "
            "principle of digital collaboration and hold a fifteen-minute instruction.",
            "/courses/digital-foundations/teach-a-colleague",
            "Read about the instruction",
        )
    },
}
