"""The table of codes: code, severity, title and, indented, what it means (see `codes`)."""

TABLE = """
C001 error: No course.md
  Every course folder has a `course.md` with the rules that all languages share.
C002 error: Not there in the lead language
  The first language of `course.md` leads: the front page, each lesson, quiz and practical task
  must exist in it. Other languages are translations of it.
C003 warning: Not translated
  The text does not exist in one of the course's languages. Learners see it in the lead
  language until it is translated; of a question's hints and feedback they see nothing.
C004 error: A course without lessons
  A course needs at least one lesson: a file named `01-<slug>.<language>.md`.
C005 warning: A file that is not read
  The name fits no kind of file in the course format, so learners never see it. Rename it or
  move it out of the course folder.
C006 warning: A language that the course does not list
  The file is ignored until its language stands in `languages` of `course.md`.
C007 error: Not UTF-8
  Text files are UTF-8. Save the file again with that encoding.
C008 error: File too large
  A text may take 200 KB and a picture 2 MB, so that a page opens quickly on a telephone.
C009 error: A link out of the course folder
  Symbolic links are not followed: a course must be complete when its folder is copied.
C010 error: File cannot be read
  The operating system refused to open the file.
C011 warning: Two texts with the same number
  The number at the start of the name gives the order. Give each lesson and quiz a number of
  its own.
C012 error: An id that has changed
  Ids never change once a course is in service: progress, answers and links are stored under
  them. What is the same as in the edition in service keeps the id it has there.
C013 warning: A translation that may be out of date
  The translation says in `compared` which version of the lead language it was last compared
  with, and that text has changed since. Bring it up to date, then run `innocap-lms course
  compared` on the file. A translation without the field is not looked at.
C014 error: An id that has come back
  Ids never return: under an id that an earlier edition gave to something else, learners have
  progress and answers that would be taken for those of the new. What comes back itself, and says
  what it said then, keeps the id that it had; it can be reworded in the next edition.
C020 error: No front matter
  The file starts with a line `---`, fields, and a second line `---`.
C021 error: Front matter not closed
  A line `---` ends the fields. Without it the whole file would be read as fields.
C022 error: Front matter that cannot be read
  The fields are YAML: `name: value`, one a line. A value with a colon, a hash or a leading
  symbol stands in quotes.
C023 error: YAML that is not allowed here
  Anchors (`&name`), aliases (`*name`), tags (`!name`) and several documents make a file hard
  to read and can blow it up. Quote a value that starts with such a sign.
C024 error: Field written twice
  Only one of the two would count; keep one.
C025 error: Field missing
  The course format asks for this field.
C026 error: Unknown field
  A misspelt field would be ignored without a word, so unknown names are refused.
C027 error: Wrong value
  The field is there, but its value is not of the kind that the format asks for.
C028 error: Front matter too large
  Front matter may take 32 KB and nest eight levels deep.
C030 error: Badly formed id
  Ids are lower-case letters a-z, digits and hyphens, at most 60 characters, and start with a
  letter or digit. They become web addresses.
C031 error: Id used twice
  Progress, answers and links are stored under the id, so it must be alone: lessons, quizzes
  and practical tasks in a course, questions in a quiz, options in a question, criteria in a
  task, levels in a criterion, outcomes in a course. A definition has another id than any term.
  A folder that was copied to begin another course needs a course id of its own.
C032 error: Ids differ between languages
  Ids are equal in every language; that is how an answer given in one language counts in
  another.
C033 error: Id missing
  Write `{#id}` at the end of the line. An id never changes afterwards, even when the wording
  does.
C034 error: Reserved id
  The address with this id is taken by the site itself.
C035 error: A translation with a rule of its own
  Rules (points, pass mark, attempts, right options, goals) count in the lead language. A
  translation may repeat them or leave them out, not change them.
C036 error: Completion names something unknown
  `completion` lists ids of lessons, of graded quizzes and of practical tasks of this course.
C037 error: Unknown outcome
  `goals` of a lesson and `outcome=` of a question name ids from `outcomes` in the course's
  front page.
C040 error: A quiz without questions
  Each level-2 heading (`## …`) is a question. Without one the pass mark can never be reached; a
  quiz that draws from a bank may leave all questions to it.
C041 error: Fewer than two options
  A choice needs something to choose between.
C042 error: No right option
  Mark the right option with `[x]`. Several marks mean that all of them must be chosen.
C043 error: Option without a mark
  Each line of the list starts with `- [ ]` or `- [x]`.
C044 error: Text after the options
  After the options only one block quotation may stand: feedback on the whole question. Text
  of the question stands before the options.
C045 error: Nothing understands this question
  The classes and attributes in braces choose the kind of question; no kind knows this one.
C046 error: Braces that cannot be read
  Inside the braces stand `#id`, `.class` and `key=value`, separated by spaces; a value with
  spaces stands in double quotes.
C047 error: Wrong points
  `points` is a number above 0 and at most 1000.
C048 warning: Text before the first question
  Learners do not see it. Put it in the lesson before the quiz, or under a question.
C049 error: An option of several paragraphs
  An option is one paragraph, with its feedback as a block quotation under it.
C050 error: Wrong pass mark
  `pass` is a share of the points: `pass: 80 %`, above 0 and at most 100. A graded quiz needs
  one.
C051 warning: Two options that read the same
  Learners cannot tell them apart.
C060 error: Level-1 heading in the text
  The title is the page's level-1 heading; the text starts with `##`.
C061 error: Heading level skipped
  People who listen to a page move by headings and take a gap for a lost part. Go down one
  level at a time.
C062 error: Anchor used twice
  Two headings have the same `{#id}`, so a link could not tell them apart.
C063 error: Empty heading
  A heading without words is read aloud as nothing.
C064 warning: Raw HTML
  HTML is shown as text, never run. Use the course format, or put the text in a code span.
C065 error: Unknown kind of admonition
  The kinds are NOTE, TIP, WARNING, EXAMPLE, TRY, MISTAKES and SUMMARY.
C066 warning: Formula that cannot be set
  The formula is shown as its source text.
C067 warning: Footnote without text
  `[^name]` needs a line `[^name]: text`.
C068 error: A lesson without text
  The file has front matter but nothing to read.
C069 warning: Badly formed language tag
  `{lang=…}` takes a language such as `sv` or `en-GB`.
C070 error: Missing file
  The link names a file that is not in the course folder. Upper and lower case count.
C071 error: Unknown lesson
  A link without a scheme names the id of a lesson or quiz of this course, or a file in
  `images/`, `files/` or `captions/`.
C072 error: Unknown anchor
  No heading of that text has this anchor. Give the heading one: `## Heading {#anchor}`.
C073 error: Forbidden address
  Links go to `https:`, `http:`, `mailto:`, a lesson's id, a file of the course or an anchor.
C074 error: Path out of the course folder
  Paths start in the course folder: `images/map.svg`, without `/` at the start or `..`.
C075 error: Picture without alternative text
  Say what the picture says: `![Three circles that overlap](…)`. Where it says nothing:
  `![](…){.decorative}`.
C076 error: Picture from somewhere else
  Pictures, films and sound lie in the course folder: no other site then learns who reads the
  lesson.
C077 error: Film without captions
  Captions stand in `captions/<name of the film>.<language>.vtt`.
C078 error: Sound without a transcript
  The transcript stands in `captions/<name of the sound file>.<language>.md`.
C079 warning: Unused file
  No text links to the file, or no quiz draws from the bank: learners never meet it.
C080 error: Kind of file that cannot be shown
  Pictures are SVG, PNG, JPEG, GIF or WebP; films MP4 or WebM; sound MP3, M4A, OGG or WAV.
C081 error: Picture with a program in it
  An SVG may not hold scripts, event attributes, embedded pages or links to other places.
C082 warning: Due for review
  The date in `review_by` has passed: check the facts, then set a new date.
C083 error: Link without words
  A link needs text that says where it goes.
C084 warning: Link whose words say nothing
  Screen readers list the links of a page without the text around them. "Click here" and a long
  address say nothing there: write where the link goes.
C085 warning: A column without a heading
  The first row of a table holds the headings of its columns; only the first cell may be empty,
  where the first column holds the headings of rows.
C086 warning: Text in a picture that is hard to see
  Text needs a contrast of 4.5 to 1 against what is behind it (WCAG 2.2, 1.4.3).
C087 warning: Hard to read
  Measured by LIX (Björnsson 1968; above 50 is hard) in Swedish, Norwegian, Danish, Icelandic,
  German, Dutch and French, in English by the Automated Readability Index (1967; a school grade,
  above 13 is hard); in other languages nothing is said. Headings, tables and code are left out,
  and texts under 150 words. An index counts letters: use your judgement with a needed term.
C088 warning: Address that cannot be reached
  Asked for with `course check --online`: the address gave no page when it was tried. A site may
  be away for a moment, or the page has moved.
C090 error: A practical task without criteria
  Each level-2 heading (`## Criterion {#id}`) is a criterion. Without one nobody could say what
  is enough.
C091 error: Fewer than two levels
  Under each criterion stands a numbered list of its levels, from the weakest to the strongest.
C092 error: No level that is enough
  Mark one level with `.meets`: the lowest that meets the criterion. It is not the first, which
  everybody reaches.
C093 error: A level of several paragraphs
  A level is one paragraph, and nothing stands after the list of levels.
C094 error: A practical task without a brief
  What stands before the first criterion tells the learner what to document and hand in.
C095 error: A heading that is no criterion
  In a practical task each heading is a criterion and starts with `##`. Write the brief and the
  criteria without headings of their own.
C096 warning: Two levels that read the same
  Two assessors would choose between them by chance.
C110 error: Unknown bank
  `draw` names a bank by its id: `<id>.bank.<language>.md` in the folder `_banks` of the course,
  or in that beside the courses of the track.
C111 error: A draw that the bank cannot serve
  Every attempt must find the questions that `draw` asks for. They are matched, not counted: a
  question with several tags serves only one of them.
C112 error: A draw from a bank of another use
  Keys of practice questions may travel, so no practice shares a question with a graded quiz:
  `use` of the bank is that of every quiz that draws from it.
C113 warning: An outcome that is nearly one of the course
  Courses that share a bank need not share outcomes; a question counts for those that have its
  outcome. This one looks misspelt.
C114 error: A bank with another id than its file
  The name of the file, up to `.bank`, is the id of the bank.
C115 error: Nothing to read
  A question, an option, an item, a term or a level without words is read aloud as nothing.
C116 warning: An accepted answer that may be meant otherwise
  `= 42km` or `= 40-44` is compared letter by letter; a number has a space before its unit. And
  `= 1,000` is one with three decimals, since some languages write decimals with a comma and others
  with a point. `= 0 ± 5 %` accepts nothing but 0: a share of nothing is nothing;
  and 5 % of 50 % is 2.5. In other answers a `|`, stars and backticks are letters to be written.
C117 warning: An outcome that nothing tests
  The certificate says that a learner has reached the outcomes of the course. Each needs a
  question with `outcome=` or a practical task that names it in `goals`.
C118 warning: Right answers told by their length
  Authors tend to qualify what is right and shorten what is wrong. In this quiz, choosing the
  longest option is right more often than chance (binomial test, 5 %).
C119 warning: Right answers told by their place
  On paper, and where a question is `.fixed`, options stand as they were written. In this quiz the
  right one stands at the same place more often than chance (binomial test, 1 %).
C120 warning: A lesson without sources
  `sources` says where the facts of a lesson come from, so that a reader can check them and an
  author can see what to check again.
C121 error: A definition in a quiz
  Footnotes, abbreviations and addresses that are defined in a place of their own work in lessons.
  The texts of a question are shown one by one, without what stands elsewhere in the file.
C122 error: Numbers that say another order
  The lines of a numbered list count, not the numbers before them. Numbers that neither rise by one
  nor are all the same were meant to say something.
C123 warning: A check that could not be made
  A plugin has rules of its own for courses, and failed while it looked at this one. What it would
  have found is not known; the course can be published without. The site's list of plugins says why.
C130 error: A programme without steps
  `steps` names the courses of a programme in their order; `{choose: 1, of: [a, b]}` lets learners
  choose.
C131 error: A choice that is none
  `choose` is smaller than the number of courses to choose among. What everybody takes stands in
  the list of steps by itself.
C132 error: A course that is not there
  Steps are courses, prerequisites are courses or programmes, of any plugin that is installed.
C133 error: Before itself
  Prerequisites and steps lead back to where they began, so nobody could ever complete it. The
  message names the way.
C134 warning: Hours that its courses do not take
  The hours of a programme are those of its courses, with the shortest and the longest choice as
  the bounds.
C135 warning: A course without one of the programme's languages
  Learners would meet that course in another language.
C136 error: A programme with another id than its file
  `<id>.programme.md` and its languages are named by the id, which is the address.
C137 error: Unknown certificate design
  `certificate` names a design that a plugin registers with that name.
C138 error: More practical tasks than there are
  A programme can ask for as many approved practical tasks as its courses have.
C140 error: Nothing to print
  A pocket guide and a facilitator's guide have a text. A template has something to fill in: a card
  and a canvas have headings `## …`, a checklist has lines `- [ ] …`.
C141 error: Templates that differ between languages
  Who fills in a template and who reads it may have it in different languages: it has as many
  headings, or boxes of a checklist, in each.
C100 error: No accepted answer
  A question that is answered in writing accepts something: `= text`, one answer a line in a
  block of its own, or `[[answer]]` in a gap.
C102 error: Number that cannot be read
  An accepted number is written `= 42`, `= 42 ± 1 km` or `= 42 ± 5 %`, with a comma or a point
  before decimals. For words that hold a number write `{.text}` on the heading.
C103 error: Wrong setting of marks
  `.partial` gives credit for a part of an answer, where it has parts; `penalty=0.5` beside it
  says what each wrong tick takes away; `typos=1` forgives a typing error in a written
  answer: at most one in three letters, or other words would pass.
C104 error: Not of this kind
  What stands under the question belongs to another kind than the class in braces says:
  `.order` has a numbered list, `.match` a definition list, `.true`, `.false` and `.reflection`
  have nothing. Where the author's order is the answer, `.fixed` would give it away.
C105 error: Too much
  A question has at most 50 options, items, terms, accepted answers or gaps, an answer 500
  characters, and a quiz 500 questions. A file has at most 5000 square brackets.
C106 error: A gap that cannot be filled
  A gap stands in the text under the heading, on one line: `[[answer]]`. In a heading, a link,
  the words of a picture or a formula nothing could be written into it. A question with options,
  answer lines or a class has no gaps: it would print them with their answers.
C107 error: A translation without answers of its own
  Words that count as right differ between languages, so each language accepts its own.
C108 error: Gaps differ between languages
  A translation has as many gaps as the lead language, in the same order; where one is chosen,
  its choices stand in the same order too.
C109 error: Nothing to earn
  A quiz with a pass mark has a question that earns points, whatever an attempt draws; reflections
  earn none.
"""
