"""Names of months and days of the week, as logs in English, German, French, Spanish, Portuguese and Polish write them,
in full and short. In lower case and NFKC, each also without its accents."""

import unicodedata

_MONTHS = (
    "january jan januar jänner janvier janv enero ene janeiro styczeń stycznia sty",
    "february feb februar février févr fév febrero fevereiro fev luty lutego lut",
    "march mar märz mär mrz mars marzo março marzec marca",
    "april apr avril avr abril abr kwiecień kwietnia kwi",
    "may mai mayo maio maj maja",
    "june jun juni juin junio junho czerwiec czerwca cze",
    "july jul juli juillet juil julio julho lipiec lipca lip",
    "august aug août aoû agosto ago sierpień sierpnia sie",
    "september sep sept septembre septiembre setiembre setembro set wrzesień września wrz",
    "october oct oktober okt octobre octubre outubro out październik października paź",
    "november nov novembre noviembre novembro listopad listopada lis",
    "december dec dezember dez décembre déc diciembre dic dezembro grudzień grudnia gru",
)
_WEEKDAYS = (
    "monday mon tuesday tue tues wednesday wed thursday thu thur thurs friday fri saturday sat sunday sun "
    "montag mo dienstag di mittwoch mi donnerstag do freitag fr samstag sonnabend sa sonntag so "
    "lundi lun mardi mar mercredi mer jeudi jeu vendredi ven samedi sam dimanche dim "
    "lunes martes miércoles mié jueves jue viernes vie sábado sáb domingo dom "
    "segunda-feira segunda seg terça-feira terça ter quarta-feira quarta qua quinta-feira quinta qui sexta-feira sexta "
    "sex poniedziałek pon wtorek wt środa śr śro czwartek czw piątek pt pią sobota sob niedziela nie niedz nd"
)


def _bare(word: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))


MONTHS = {
    form: month for month, words in enumerate(_MONTHS, 1) for word in words.split() for form in (word, _bare(word))
}
WEEKDAYS = frozenset(form for word in _WEEKDAYS.split() for form in (word, _bare(word)))
