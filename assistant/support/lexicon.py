"""Closed classes of English that turn a statement round: opposites, negators, quantifiers, units, number words. Data only."""

from __future__ import annotations

from functools import lru_cache

from assistant.words import stem

RAISING = """
increase rise grow raise expand enhance promote elevate boost improve gain strengthen upregulate activate stimulate induce
accelerate amplify augment facilitate enable support encourage heighten widen extend enrich higher greater more larger longer
faster better stronger upregulation activation stimulation induction promotion enhancement elevation overexpression
hyperactivation enhancer activator positive positively drive trigger potentiate restore allow help cause
""".split()
LOWERING = """
decrease reduce decline fall drop lower diminish lessen shrink limit restrict suppress inhibit attenuate impair weaken
downregulate deactivate block prevent hinder discourage worsen narrow slow shorten fewer less smaller shorter slower worse
weaker downregulation deactivation suppression inhibition reduction impairment attenuation loss deficiency deficient
abrogate abolish inhibitor suppressor negative negatively lack knockout knockdown depletion ablation deplete ablate
counteract antagonize antagonise disrupt eliminate alleviate mitigate hamper stop lose refuse fail protect ameliorate
""".split()

OPPOSITES = """
increase/reduction rise/reduction growth/reduction growth/decline addition/reduction increase/decrease increase/reduce
increase/decline increase/lower increase/limit raise/lower raise/reduce rise/fall rise/decline
grow/shrink expand/restrict expand/limit expand/narrow expand/reduce widen/narrow widen/limit extend/limit extend/shorten
higher/lower high/low greater/less greater/smaller greater/lesser greater/fewer greater/lower more/less more/fewer most/least
longer/shorter long/short larger/smaller large/small big/small faster/slower fast/slow fast-paced/slow rapid/slow quick/slow
quickly/slowly rapidly/slowly better/worse good/bad best/worst stronger/weaker strong/weak strengthen/weaken improve/worsen
improve/impair enhance/impair enhance/reduce enhance/suppress enhance/inhibit promote/prevent promote/inhibit promote/suppress
promote/hinder promote/limit enable/prevent enable/hinder enable/limit enable/restrict allow/prevent allow/forbid permit/forbid
support/oppose support/undermine support/hinder support/prevent encourage/discourage facilitate/hinder facilitate/prevent
facilitate/impede help/hinder help/hamper cause/prevent induce/prevent induce/suppress induce/inhibit induce/reduce
activate/inhibit activate/suppress activate/deactivate activation/inhibition stimulate/inhibit stimulate/suppress
upregulate/downregulate upregulation/downregulation accelerate/slow accelerate/delay elevate/reduce elevate/lower
boost/reduce boost/cut gain/lose gain/loss win/lose create/remove create/avoid create/prevent create/destroy create/abolish
build/destroy build/demolish build/break add/remove add/subtract include/exclude involve/exclude accept/reject accept/refuse
agree/refuse agree/disagree establish/close establish/abolish establish/dismantle establish/refuse open/close open/closed
begin/end start/stop start/finish start/end first/last before/after early/late earlier/later earliest/latest above/below
over/under up/down inside/outside within/beyond internal/external inner/outer upper/lower near/far close/distant near/distant
same/different similar/different alike/different positive/negative positively/negatively active/passive public/private
formal/informal temporary/permanent short-term/long-term local/national local/global regional/national central/local
national/international domestic/foreign urban/rural rich/poor broad/narrow wide/narrow deep/shallow heavy/light full/empty
hard/easy harder/easier difficult/easy difficult/simple difficulty/ease simple/complex simplify/complicate
streamline/complicate easily/hardly clear/unclear clear/vague common/rare often/rarely often/seldom frequently/rarely
always/never always/sometimes usually/rarely shared/separate together/apart together/individually together/alone jointly/separately
collective/individual with/without presence/absence present/absent abundance/lack abundance/shortage surplus/shortage
excess/deficiency success/failure succeed/fail successful/failed safe/dangerous safe/risky benefit/harm beneficial/harmful
advantage/disadvantage true/false right/wrong correct/wrong correct/incorrect correctly/wrongly alive/dead old/young older/younger
old/new male/female men/women boy/girl mother/father man/woman child/adult parent/child teacher/pupil employer/employee
leader/follower buyer/seller import/export arrive/leave arrive/depart enter/leave join/leave give/take lend/borrow buy/sell push/pull
send/receive teach/learn ask/answer remember/forget love/hate like/dislike praise/criticise protect/harm protect/endanger attack/defend
horizontal/vertical maximum/minimum maximise/minimise majority/minority many/few much/little lots/little great/limited
major/minor main/minor important/trivial essential/optional voluntary/compulsory mandatory/optional required/optional
compulsory/optional dependent/independent dependence/independence necessary/superfluous sufficient/insufficient
adequate/inadequate susceptible/resistant sensitivity/resistance sensitive/resistant sensitize/protect acute/chronic
primary/secondary dominant/recessive benign/malignant hot/cold warm/cool dry/wet light/dark north/south east/west
northern/southern eastern/western left/right top/bottom front/back winter/summer morning/evening day/night exacerbate/alleviate
exacerbate/mitigate aggravate/alleviate exacerbate/reduce heighten/reduce heighten/lessen worsen/alleviate ease/worsen listen/ignore
consider/ignore recognise/ignore recognize/ignore praise/condemn maintain/abandon maintain/neglect attract/repel unite/divide
combine/separate connect/separate connect/isolate merge/split share/withhold reveal/hide show/hide expose/conceal known/unknown
still/longer free/costly cheap/expensive freedom/restriction flexible/rigid careful/careless transparent/opaque
relax/tighten loosen/tighten approve/reject approve/refuse pass/fail victory/defeat peace/war friend/enemy ally/enemy
complicated/simple busy/quiet optimistic/pessimistic fortunate/unfortunate effective/ineffective regular/irregular
oppose/favour oppose/favor rural/urban native/foreign inherited/acquired innate/acquired genetic/environmental sustain/transient
""".split()
"""Pairs of words of which only one can hold of the same thing."""

_PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non", "mis", "de", "anti", "counter")

NEGATORS = frozenset(
    """
    not no never neither nor none nobody nothing nowhere without cannot can't don't doesn't didn't isn't aren't wasn't weren't
    won't wouldn't shouldn't couldn't hasn't haven't hadn't hardly scarcely barely
    """.split()
)
TURNING = {word: word for word in NEGATORS - {"nor"}} | {
    word: group.partition("/")[0]
    for group in "hard/harder/difficult/impossible until/unless before lack/lacks/lacking/absence".split()
    for word in group.split("/")
}
"""Words of which two undo each other, and what each says: no progress without, not until, without it is hard."""
LACKING = frozenset("lack lacks lacking absence absent missing fail fails failed failing failure".split())
IMPLICIT_NEGATORS = frozenset(
    """
    lack lacks lacking absence absent fail fails failed failing failure refuse refuses refused avoid avoids avoided avoiding unable
    unaware unknown prevent prevents prevented preventing stop stops stopped impossible unlikely unnecessary exclude excludes excluded
    excluding deny denies denied missing
    """.split()
)
"""Words that deny what follows them."""

_SOUNDS_NEGATIVE = frozenset(
    """
    hard harder hardly difficult difficulty little few fewer less least low lower only outside against rather instead except
    besides beyond too bar bars barred ban banned end ends ended lose lost loss poor restrict restricts restricted hamper hampers
    impede impedes free freed nobody cannot limited limit
    limits away back off out under down reject rejects rejected decline struggle struggles problem barrier barriers hinder
    hinders hold holds inability insufficient inadequate incompatible ineffective incapable impossible minus zero gone cut
    """.split()
)


def sounds_negative(word: str) -> bool:
    """Tell whether a word in lower case denies, limits or takes away, so that a statement with it may deny in other words."""
    if word in _SOUNDS_NEGATIVE or word in NEGATORS or word in IMPLICIT_NEGATORS:
        return True
    return word.endswith("less") or (
        word.startswith(("un", "dis", "non", "ir"))
        and not word.startswith(("under", "uni", "unti", "disc", "disp", "dist", "iron"))
    )


PLURAL = frozenset("both also as various several many combination range mix including plus".split())
"""Words by which a source says that there is more than one; "only" goes against them."""
PASSIVE_NEGATORS = frozenset("avoided prevented stopped excluded denied refused lacking missing absent unknown".split())
"""Those that deny what goes before them: "Misunderstanding is avoided"."""
CLAUSE_WORDS = frozenset(
    "but because although though while whereas which who that so if when since as than and by with through".split()
)
"""Where a negator's reach ends: a new clause, or a new phrase."""

IRREGULAR = frozenset(
    """
    became began bought broke brought built came chose did drew drove fell felt fought found gave got grew had held kept knew led
    left lost made meant met paid put ran rose said sat saw sent set shook showed sold sought spent spoke spread stood taught
    told took thought threw understood went won wrote
    """.split()
)
"""Verbs whose past does not end in -ed."""

ALL, MOST, SOME, FEW, NONE, ONE = "all", "most", "some", "few", "none", "one"
QUANTIFIERS = {
    **dict.fromkeys("all every each everyone everybody everything any entire whole both".split(), ALL),
    **dict.fromkeys("most majority mostly".split(), MOST),
    **dict.fromkeys("some certain several many various numerous".split(), SOME),
    **dict.fromkeys("few minority fewest".split(), FEW),
    **dict.fromkeys("no none neither".split(), NONE),
    **dict.fromkeys("one single".split(), ONE),
}
FREQUENCIES = {
    **dict.fromkeys("always invariably constantly constant must".split(), ALL),
    **dict.fromkeys(
        "often usual usually generally typically typical frequently frequent mostly commonly normally".split(), MOST
    ),
    **dict.fromkeys("may might can could sometimes occasionally occasional possibly possible perhaps".split(), SOME),
    **dict.fromkeys("rarely rare seldom hardly scarcely infrequently infrequent".split(), FEW),
    **dict.fromkeys("never cannot".split(), NONE),
}
APART = frozenset(
    "each every both all individual individually different respective respectively own separate separately".split()
)
"""Words by which a source speaks of several one by one, so that "each" of them adds nothing."""
NEEDED = frozenset(map(stem, "need require important essential critical crucial vital necessary key should".split()))
"""Stems of words by which a source says what must be."""
SURE = "sure"
DEGREES = frozenset([ALL, MOST, SOME, FEW, NONE, ONE, SURE])
RELATIONS = {
    **dict.fromkeys("before prior until".split(), "before"),
    **dict.fromkeys("after following since".split(), "after"),
    **dict.fromkeys("during while amid throughout".split(), "during"),
    **dict.fromkeys("within inside".split(), "inside"),
    **dict.fromkeys("outside beyond".split(), "outside"),
    **dict.fromkeys("above over".split(), "above"),
    **dict.fromkeys("below under beneath".split(), "below"),
    **dict.fromkeys("despite although though notwithstanding".split(), "despite"),
    **dict.fromkeys("will shall would".split(), SURE),
    **dict.fromkeys("except excepting excluding besides".split(), "except"),
    "or": "or",
}
"""Function words of which one cannot stand for another of a different kind."""
ONLY = frozenset("only solely exclusively merely just alone".split())

UNITS = {
    stem(word): dimension
    for dimension, names in {
        "time": "second minute hour day night week fortnight month quarter year decade century daily weekly monthly yearly annual",
        "length": "millimetre centimetre metre meter kilometre kilometer mile foot feet inch yard mm cm km nm",
        "mass": "gram kilogram tonne ton pound ounce stone mg kg g",
        "volume": "litre liter millilitre gallon pint ml l",
        "money": "pound euro dollar pence cent penny",
        "share": "percent per cent percentage",
    }.items()
    for word in names.split()
}
DAYS = {
    stem(word): days
    for word, days in {
        "hour": 1 / 24, "day": 1, "week": 7, "fortnight": 14, "month": 30, "quarter": 90, "year": 360, "decade": 3_600, "century": 36_000
    }.items()
}  # fmt: skip
"""How many days a unit of time has, months and years in round figures, so that two years are 24 months."""

MONTHS = "january february march april may june july august september october november december".split()

PRONOUNS = frozenset(
    "it its they their them this these those he his him she her we our us i my you your who which".split()
)

SAME_PLACE = {
    stem(word): frozenset(map(stem, group.split("/")))
    for group in """
    american/america/us/usa/states british/britain/uk/kingdom french/france spanish/spain dutch/netherlands/holland
    welsh/wales swiss/switzerland polish/poland danish/denmark greek/greece turkish/turkey finnish/finland irish/ireland
    """.split()
    for word in group.split("/")
}
"""Names of a country that do not begin alike."""
SMALL_NUMBERS = {
    word: number
    for number, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
        eighteen nineteen""".split()
    )
} | {
    word: 10 * number for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
MULTIPLIERS = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "dozen": 12}

_OPPOSED: dict[str, set[str]] = {}
for _pair in OPPOSITES:
    _one, _other = (stem(word) for word in _pair.split("/"))
    _OPPOSED.setdefault(_one, set()).add(_other)
    _OPPOSED.setdefault(_other, set()).add(_one)

UP, DOWN = frozenset(map(stem, RAISING)), frozenset(map(stem, LOWERING))


def opposed(one: str, other: str) -> bool:
    """Tell whether two stems are opposites."""
    return any(form in opposites_of(one) for form in _forms(other))


@lru_cache(maxsize=16_384)
def opposites_of(word: str) -> frozenset[str]:
    """Return the opposites of a stem: those listed, and with a denying prefix put before it or taken away (aware, unaware)."""
    listed = set().union(*(_OPPOSED.get(form, ()) for form in _forms(word)))
    denied = {prefix + word for prefix in _PREFIXES if len(word) > _LEAST_DENIED}
    bare = {word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix)}
    return frozenset(listed | denied | {one for one in bare if len(one) > _LEAST_DENIED})


_LEAST_DENIED = 3


@lru_cache(maxsize=16_384)
def _forms(word: str) -> tuple[str, ...]:
    """Return a stem, and what it may be the comparative or superlative of: simpler, simpl."""
    if word.endswith(("ier", "iest")):
        return word, word[: word.rindex("ie")] + "i"
    if word.endswith(("er", "est")):
        return word, word[: word.rindex("e")], word[: word.rindex("e")] + "e"
    return (word,)
