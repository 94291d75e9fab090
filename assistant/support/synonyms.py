"""Words that can stand for each other, and forms of one word: what is no change where all else is the same."""

from __future__ import annotations

from functools import lru_cache

from assistant.support.lexicon import opposed
from assistant.words import stem

SYNONYMS = """
make/create/produce/build/develop/form/generate begin/start/launch/commence/initiate end/finish/conclude/stop/cease
establish/create/found/set/form/introduce help/assist/aid/support/enable allow/permit/enable/let
show/demonstrate/indicate/reveal/display need/require/necessitate/demand use/employ/utilise/apply/draw
get/obtain/receive/acquire/gain give/provide/supply/offer/grant/deliver say/state/report/describe/explain/tell/mention/note
think/believe/consider/regard/view/feel choose/select/pick/opt ask/request/commission/invite buy/purchase/acquire
keep/retain/maintain/preserve/hold reduce/lower/decrease/cut/lessen/diminish increase/raise/grow/rise/expand/heighten
improve/enhance/better/strengthen worsen/exacerbate/aggravate/deteriorate prevent/stop/block/hinder/impede/hamper
limit/restrict/constrain/curb/confine big/large/great/considerable/substantial/huge small/little/slight/minor/limited
important/significant/vital/critical/crucial/essential/key/central/main/major hard/difficult/tough/challenging/tricky
easy/simple/straightforward quick/fast/rapid/swift/prompt quickly/rapidly/swiftly/fast/promptly/speedily
often/frequently/regularly problem/challenge/issue/difficulty/barrier/obstacle aim/goal/objective/purpose/target/intention
result/outcome/consequence/effect cause/reason company/firm/business/enterprise staff/employee/worker/personnel/workforce
leader/manager/head/director people/person/individual/participant/resident child/kid/pupil
shared/common/joint/mutual/collective together/jointly/collectively/collaboratively work/collaborate/cooperate/operate
collaboration/cooperation/partnership/teamwork different/various/diverse/several/distinct many/numerous/lots/multiple/various
whole/entire/complete/full/total various/range/variety/varied new/novel/recent old/ancient/former quick/short/brief
method/way/approach/manner/means part/component/element/section area/region/zone/district/place/location/site/venue
country/nation/state town/city illness/disease/sickness doctor/physician car/vehicle/automobile house/home/building/dwelling
money/funding/funds/cash/finance funding/budget/grant plan/scheme/programme/project/initiative/strategy
rule/regulation/law/requirement agreement/deal/contract/pact/treaty meet/satisfy/fulfil/address answer/reply/respond
change/alter/modify/adapt/adjust/amend/update move/transfer/shift/relocate send/dispatch/ship/deliver/bring
find/discover/locate/identify/detect understand/grasp/comprehend/know join/unite/combine/merge/link/connect
divide/split/separate share/exchange trust/confidence knowledge/information/expertise/understanding/insight
skill/ability/expertise/competence opinion/view/perspective/belief job/role/post/position/work/task
duty/responsibility/obligation happen/occur/arise/take continue/persist/remain/stay/last try/attempt/seek/strive
ensure/guarantee/secure/assure protect/safeguard/shield/defend lead/head/direct/guide/run/manage/oversee
fight/combat/battle/tackle/counter tackle/address/confront/solve/resolve assess/evaluate/judge/appraise/measure/review
examine/investigate/study/explore/analyse/research/inspect/look collect/gather/assemble/compile build/construct/erect
destroy/demolish/ruin/wreck kill/slay/murder die/perish/death live/reside/dwell/inhabit travel/journey/go visit/tour
see/observe/notice/watch hear/listen speak/talk/communicate/discuss write/compose/author/develop
name/call/term/title/designate mean/signify/imply/entail include/contain/comprise/involve/incorporate/encompass
consist/comprise exclude/omit lack/absence/shortage/want own/possess/have/hold earn/make/gain spend/pay cost/price/expense
pay/wage/salary near/close/nearby/adjacent around/approximately/roughly/nearly/almost/circa
usually/generally/normally/typically/commonly previous/earlier/former/prior/past next/following/subsequent/later
current/present/existing/today modern/contemporary sufficient/enough/adequate lacking/insufficient/missing
clear/plain/evident/obvious/transparent correct/right/accurate/true wrong/incorrect/false/mistaken dangerous/risky/hazardous
danger/risk/hazard/threat harm/damage/injure/hurt useful/helpful/beneficial/valuable famous/renowned/known/noted/celebrated
strong/powerful/robust/firm weak/feeble/fragile rich/wealthy/affluent poor/needy/deprived old/elderly/aged young/youthful
ill/sick/unwell own/individual/personal/separate formal/official suitable/appropriate/fitting/right/proper flexible/adaptable
willing/ready/prepared reluctant/unwilling/hesitant reluctance/hesitation/unwillingness
motivate/encourage/inspire/drive/incentivise facilitate/ease/enable/arrange promote/encourage/foster/further/advance/boost
appoint/name/hire/recruit/employ recruit/hire/enlist remove/eliminate/abolish/take withdraw/remove reject/refuse/decline/deny
accept/agree/approve/adopt permanent/lasting/enduring temporary/interim/provisional main/chief/principal/primary/leading
first/initial/original last/final/ultimate whole/overall begin/initial beginning/start/outset accommodation/housing/lodging
meal/food hospital/clinic patient/case inmate/prisoner/offender court/tribunal factory/plant/works gown/garment
order/command/request pandemic/covid/coronavirus crisis/emergency community/neighbourhood/public council/authority
partner/collaborator/ally structure/framework system/process/procedure additional/extra/further/more/supplementary
separate/distinct/individual wide/broad/extensive literature/research/study asymmetry/imbalance/inequality
commitment/dedication/pledge capacity/capability/ability speed/pace streamline/simplify dedicate/devote/commit
compete/rival/vie competing/conflicting/rival competition/rivalry friend/companion frequent/regular/common/often
rare/scarce/uncommon
""".split()  # noqa: SIM905 - groups of words read better as prose
"""Words that can stand for each other in some sense. Where almost all else is the same, such an exchange is let pass."""

_SAME_BEGINNING = 5
_GROUPS: dict[str, set[int]] = {}
for _number, _group in enumerate(SYNONYMS):
    for _word in _group.split("/"):
        _GROUPS.setdefault(stem(_word), set()).add(_number)


@lru_cache(maxsize=65_536)
def kinship(word: str) -> frozenset[str | int]:
    """Return what a stem has in common with every stem that is ``alike``: how it begins, or a group of synonyms."""
    return frozenset({word[:_SAME_BEGINNING], *_GROUPS.get(word, ())})


@lru_cache(maxsize=65_536)
def alike(one: str, other: str) -> bool:
    """Tell whether two stems are forms of one word, as by their beginnings, or synonyms; opposites are neither."""
    if one == other:
        return True
    if opposed(one, other):
        return False
    shared = min(len(one), len(other), 7)
    return (shared >= _SAME_BEGINNING and one[:shared] == other[:shared]) or bool(
        _GROUPS.get(one, set()) & _GROUPS.get(other, set())
    )
