"""DigComp 3.0: its five areas and 21 competences, as a self-assessment and to hold alignments to.

Source of areas and numbers: JRC144121 (2025), joint-research-centre.ec.europa.eu/digcomp. English
titles of areas are its own; all other words are ours, shortened, for people who work in a
municipality. The levels are our own too, those of the lesson on DigComp.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from innocap_lms.plugin_api import Competence, CompetenceArea, SelfAssessment, hookimpl

# Area titles, then of each competence: id, titles and what somebody does who has it.
_Said = tuple[str, str, str, str, str]
_AREAS: Final[tuple[tuple[str, str, tuple[_Said, ...]], ...]] = (
    (
        "Söka, värdera och hantera information",
        "Information search, evaluation and management",
        (
            (
                "search",
                "Söka och sortera",
                "Searching and filtering",
                "Jag hittar rätt uppgift eller rutin snabbt, och vet var jag ska leta.",
                "I find the right fact or routine quickly, and know where to look.",
            ),
            (
                "evaluate",
                "Värdera källor",
                "Evaluating information",
                "Jag bedömer om en uppgift stämmer, också när en AI-tjänst har skrivit den.",
                "I judge whether something is true, also when an AI service has written it.",
            ),
            (
                "manage",
                "Ordna och spara",
                "Managing information",
                "Jag sparar så att andra hittar, och vet vad som ska arkiveras eller gallras.",
                "I save things so that others find them, and know what to archive or delete.",
            ),
        ),
    ),
    (
        "Kommunikation och samarbete",
        "Communication and collaboration",
        (
            (
                "interact",
                "Nå fram",
                "Interacting",
                "Jag väljer kanal efter mottagare och ärende: samtal, möte, chatt eller mejl.",
                "I choose the channel by person and matter: call, meeting, chat or e-mail.",
            ),
            (
                "share",
                "Dela",
                "Sharing",
                "Jag delar filer och länkar så att rätt personer kommer åt dem, och inga andra.",
                "I share files and links so that the right people get them, and nobody else.",
            ),
            (
                "take-part",
                "Delta som medborgare",
                "Taking part in society",
                "Jag använder e-tjänster och kan visa en invånare hur hon gör.",
                "I use e-services and can show a resident how.",
            ),
            (
                "collaborate",
                "Arbeta ihop",
                "Collaborating",
                "Jag arbetar med andra i samma dokument eller plan, utan dubbla versioner.",
                "I work with others in one document or plan, without double versions.",
            ),
            (
                "behave",
                "Uppträda digitalt",
                "Digital behaviour",
                "Jag skriver så att tonen håller, också i en chatt med många.",
                "I write so that the tone holds, also in a chat of many.",
            ),
            (
                "identity",
                "Hantera digital identitet",
                "Managing digital identity",
                "Jag håller isär konton för arbete och hem, och sköter min e-legitimation.",
                "I keep accounts for work and home apart, and look after my electronic ID.",
            ),
        ),
    ),
    (
        "Skapa innehåll",
        "Content creation",
        (
            (
                "create",
                "Skapa",
                "Developing content",
                "Jag gör texter och bilder som alla kan läsa, också med skärmläsare.",
                "I make texts and pictures that everybody can read, also with a screen reader.",
            ),
            (
                "rework",
                "Bearbeta",
                "Reworking content",
                "Jag bygger vidare på något som finns i stället för att börja om.",
                "I build on something that exists instead of starting again.",
            ),
            (
                "rights",
                "Upphovsrätt och licenser",
                "Copyright and licences",
                "Jag vet vilka bilder och texter jag får använda, och hur jag anger källan.",
                "I know which pictures and texts I may use, and how to name the source.",
            ),
            (
                "compute",
                "Tänka i steg",
                "Thinking in steps",
                "Jag kan beskriva en uppgift i steg så att en dator eller kollega kan följa dem.",
                "I can describe a task in steps that a computer or a colleague can follow.",
            ),
        ),
    ),
    (
        "Säkerhet, välbefinnande och ansvarsfull användning",
        "Safety, wellbeing and responsible use",
        (
            (
                "devices",
                "Skydda enheter",
                "Protecting devices",
                "Jag känner igen bluffmejl, använder tvåfaktorsinloggning och rapporterar.",
                "I recognise phishing, use two-factor sign-in and report.",
            ),
            (
                "privacy",
                "Skydda personuppgifter",
                "Protecting personal data",
                "Jag vet vad som inte får klistras in, mejlas eller sparas, och vem jag frågar.",
                "I know what must not be pasted, e-mailed or saved, and whom to ask.",
            ),
            (
                "wellbeing",
                "Må bra",
                "Supporting wellbeing",
                "Jag styr aviseringar och skärmtid så att jag och gruppen orkar.",
                "I manage notifications and screen time so that my team and I keep our strength.",
            ),
            (
                "environment",
                "Spara på miljön",
                "Caring for the environment",
                "Jag väger in vad utrustning, lagring och tjänster kostar i el och material.",
                "I weigh what equipment, storage and services cost in power and material.",
            ),
        ),
    ),
    (
        "Identifiera och lösa problem",
        "Problem identification and solving",
        (
            (
                "troubleshoot",
                "Felsöka",
                "Solving technical problems",
                "Jag provar mig fram i ordning, och beskriver felet så att supporten förstår.",
                "I try things in order, and describe a fault so that support understands.",
            ),
            (
                "needs",
                "Se behov och välja lösning",
                "Identifying needs and solutions",
                "Jag börjar i behovet och kan säga varför ett verktyg passar, eller inte.",
                "I start from the need and can say why a tool fits, or does not.",
            ),
            (
                "be-creative",
                "Använda teknik på nya sätt",
                "Using technology creatively",
                "Jag prövar i liten skala och mäter om det blev bättre.",
                "I try things on a small scale and measure whether they got better.",
            ),
            (
                "gaps",
                "Se luckor och lära vidare",
                "Identifying gaps",
                "Jag vet vad jag behöver lära mig härnäst, och kan hjälpa en kollega se sitt.",
                "I know what I need to learn next, and can help a colleague see theirs.",
            ),
        ),
    ),
)

# Of areas by number as alignments name them: what DigComp calls them.
AREAS: Final[Mapping[str, str]] = {str(at): area[1] for at, area in enumerate(_AREAS, 1)}


def _area(number: int, swedish: str, english: str, said: tuple[_Said, ...]) -> CompetenceArea:
    return CompetenceArea(
        {"sv": f"{number}. {swedish}", "en": f"{number}. {english}"},
        tuple(
            Competence(
                name,
                {"sv": f"{number}.{at} {title_sv}", "en": f"{number}.{at} {title_en}"},
                {"sv": statement_sv, "en": statement_en},
            )
            for at, (name, title_sv, title_en, statement_sv, statement_en) in enumerate(said, 1)
        ),
    )


DIGCOMP: Final = SelfAssessment(
    name="digcomp",
    titles={"sv": "DigComp: min digitala kompetens", "en": "DigComp: my digital competence"},
    summaries={
        "sv": "21 kompetenser i fem områden, efter DigComp 3.0. Tar ungefär tio minuter. Orden är "
        "våra egna. Det är början på ett samtal med dig själv och inget betyg.",
        "en": "21 competences in five areas, after DigComp 3.0. It takes about ten minutes. The "
        "words are our own. It opens a conversation with yourself and is no mark.",
    },
    levels=(
        {"sv": "Inte än", "en": "Not yet"},
        {"sv": "Med hjälp", "en": "With help"},
        {"sv": "På egen hand", "en": "On my own"},
        {"sv": "Kan visa andra", "en": "Can show others"},
    ),
    areas=tuple(_area(number, *area) for number, area in enumerate(_AREAS, 1)),
)


@hookimpl
def register_self_assessments() -> Sequence[SelfAssessment]:
    return [DIGCOMP]
