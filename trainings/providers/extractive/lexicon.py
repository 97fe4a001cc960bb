"""Words that steer the rules. General English of offices, shops, kitchens and workshops; no topic of its own."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


ACTIONS = words("""
accept activate add adjust agree aim align answer apply approve archive arrange ask assemble assign attach authorize
bag bake beat bend blend block boil book bring browse brush build call cancel capture carry change charge check chill
choose chop clamp clean clear click close collapse collect combine compare complete compress configure confirm connect
contact continue convert cook cool copy count cover crack create crop cut dab deactivate decline deduct delete deliver
deselect detach dial dice dip disable discard disconnect dismiss dispose divide dock double-check double-click
double-tap download drag drain draw drill drive drop dry duplicate dust edit eject email empty enable enlarge enter
erase escort examine exit expand export extract fasten feed fetch file fill filter finalize find finish fit fix flip
flush fold follow format forward freeze fry gather generate give glue go grab grate grease greet grill grind group
hand hang heat hide highlight hit hold hook hover import increase inform ink insert inspect install invite issue join
jot keep key knead knock label launch lay lean leave let lift link list listen load lock log loosen lower mail mark
mash match maximize measure melt merge minimize mix mop mount move mute name navigate note notify offer oil open order
organize pack paint park paste pat pause pay peel phone pick pin pinch place plate plug point position post pour
preheat prepare press preview print proceed publish pull pump punch push put quit raise read reboot receive record
reduce refill refresh refund register reinstall reject release reload remove rename reopen repeat replace reply report
request reset resize restart restore return reverse review right-click rinse roast roll rotate rub run sand save say
scan schedule scoop scrape screw scroll seal search season seat secure select send separate serve set sew shake shape
share shift shred shut sieve sign simmer skip slice slide soak sort spin spoon spray spread sprinkle squeeze stack
stamp staple start steam stick stir stitch stop store stow strain strap stretch submit subscribe subtract suspend swap
sweep swipe switch sync synchronize take tap tape tear tell test thaw thread tick tie tighten tilt tip toggle top toss
touch track transfer transport trim tuck tune turn twist type unblock uncheck undo unfasten unfold unhook uninstall
unload unlock unmute unpack unplug unroll unscrew unselect untick unwrap unzip update upgrade upload use vacuum
validate verify view wait walk warm wash weigh wheel whisk widen wipe wire withdraw wrap write zip zoom
""")
"""Verbs that are things to do. Others count too where the form leaves no doubt ("you need to gild the frame")."""

STATIVE = words("""
be have do see know think want need like love hate guess hope mean understand believe remember forget wonder imagine
feel seem happen appear come thank welcome enjoy apologize apologise worry suppose bet swear promise recommend suggest
prefer care matter talk speak discuss explain mention learn teach introduce demonstrate show present recap summarize
summarise explore dive notice realize realise expect assume consider look hear become try figure deal cover blink
smell laugh joke please live belong exist begin begins wish thanks hello hi bye cheers sorry depend tend bear mind
chat recall
""")
"""Verbs that describe, feel or talk about: never a step when said of oneself."""

PERCEPTION = words("see notice get find hear receive feel have spot recognize recognise")
"""With "you": what comes out, not what to do."""

INTRANSITIVE = words("""
wait save submit refresh reload restart reboot repeat stop exit quit proceed continue log sign scroll zoom listen
knock return undo pause redial leave
""")
"""Actions that need no object."""

HAPPENS = words("""
open opens appear show pop come turn change load update close start display list contain say light beep disappear
reload download move go drop become look sound slide expand jump flash blink switch stop finish print take rise fall
fill highlight refresh bring reset arrive ring vibrate click grow shrink land end run save send hear
""")
"""Verbs by which things answer to an action."""

DETERMINERS = words("""
the a an this that these those your my our his her its their each every all both any some another one two three four
five six seven eight nine ten twenty thirty forty fifty it them him us everything everyone somebody half several
""")
"""What follows a verb and never a noun: "scan the", "press it"."""

TOLD = words("tell say keep")
"""With "I" and "we" these are of stories: "I told her"."""
LABELLED = words("click tap press hit choose select pick type enter open double-click right-click double-tap")
"""What follows these may be a label of any kind of word: "choose Yes"."""
CLICKS = words("click tap press hit double-click right-click double-tap")
