"""What a coach can try at work after a course, by language and course."""

from innocap_lms.plugin_api import Card

PRACTICE = {
    "sv": {
        "frame-and-explore": Card(
            "Pröva i veckan: två intervjuer",
            "Rita en aktörskarta på en kvart. Håll sedan två intervjuer på en halvtimme med sex "
            "öppna frågor, och skriv ned fem iakttagelser ordagrant innan du tolkar dem.",
            "/courses/frame-and-explore/interviews",
            "Läs om intervjuer",
        )
    },
    "en": {
        "frame-and-explore": Card(
            "Try this week: two interviews",
            "Draw an actor map in fifteen minutes. Then hold two half-hour interviews with six "
            "open questions, and write five observations word for word before you interpret.",
            "/courses/frame-and-explore/interviews",
            "Read about interviews",
        )
    },
}
