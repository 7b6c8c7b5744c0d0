"""What a coach can try at work after a course, by language and course."""

from innocap_lms.plugin_api import Card

PRACTICE = {
    "sv": {
        "hypotheses-and-experiments": Card(
            "Pröva i två veckor: ett hypoteskort",
            "Välj ditt mest riskfyllda antagande. Skriv ett hypoteskort med mått, nollmätning, "
            "urval, tid, kostnad, etik och beslutsregel. Berätta hur det gick, även "
            "om det inte höll.",
            "/courses/hypotheses-and-experiments/riskiest-assumption",
            "Läs om antaganden",
        )
    },
    "en": {
        "hypotheses-and-experiments": Card(
            "Try for two weeks: a hypothesis card",
            "Choose your riskiest assumption. Write a hypothesis card with measure, baseline, "
            "sample, duration, cost, ethics and decision rule. Tell how it went, "
            "even if it failed.",
            "/courses/hypotheses-and-experiments/riskiest-assumption",
            "Read about assumptions",
        )
    },
}
