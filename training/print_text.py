"""
Random lines as identity documents print them beside the zone: names, dates, numbers, places, labels.

A line is drawn with its marks (É, Ł, ñ …) and read without them: `plain` says what each character is read as.
"""

import string
import unicodedata

LETTERS = string.ascii_uppercase
# In the order in which the network scores them, behind the blank.
PRINT_ALPHABET = LETTERS + string.ascii_lowercase + string.digits + " .,-/'():<+&#"

FREQUENT = "AEIOURNSTLMDCKHBPGVZJYFWXQ"
SYLLABLES = (
    "an ar ba be ber bo bra ca car ce cha chi da de di do du el en er es fa fer fi ga gen ger go gre ha han he in is ja jo ka kar ke ko la le lin lo "
    "lu ma man mar me mi mo na ne ni no nov o pa pe per po ra ren ri ro ru sa san sch se ski so ste ta te ten ti to tra u va ven vi wa wi ya za zi"
).split()
NAMES = (
    "Anna Maria Sofia Emma Julia Laura Eva Katarzyna Agnieszka Elena Ana Ines Chiara Giulia Marie Camille Louise Johanna Ingrid Astrid Milena "
    "Jan Peter Paul Thomas Martin Lukas Jakub Piotr Andreas Johannes Jean Pierre Luc Antoine Jose Juan Carlos Miguel Luis Giovanni Marco Luca "
    "Ahmed Mohamed Fatima Ali Omar Ivan Nikola Zoltan Laszlo Istvan Erik Lars Nils Sven John William James Mary Elizabeth Sarah "
    "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Dupont Martin Bernard Dubois Lefebvre Garcia Fernandez Gonzalez Rodriguez Lopez "
    "Martinez Sanchez Rossi Russo Ferrari Bianchi Kowalski Nowak Wisniewski Novak Horvat Kovacs Nagy Szabo Popescu Ionescu Jensen Hansen Nielsen "
    "Johansson Andersson Virtanen Korhonen Silva Santos Ferreira Pereira Smith Jones Brown Taylor Specimen Mustermann Erika Sample Traveller"
).split()
PLACES = (
    "Berlin Paris Madrid Roma London Wien Zürich Bern Genève Lisboa Warszawa Praha Budapest Stockholm Oslo Helsinki København Bruxelles Amsterdam "
    "Utrecht München Köln Hamburg Milano Napoli Torino Lyon Marseille Sevilla Valencia Porto Krakow Gdansk Brno Bratislava Ljubljana Zagreb "
    "Beograd Sofia Bucuresti Athens Dublin Tallinn Riga Vilnius Luxembourg Utopia Dakar Lagos Ankara Istanbul Tunis Rabat Quito Lima Bogota"
).split()
LABELS = (
    "Surname|Surname / Nom|Nom / Surname|Name|Nachname|Familienname|Cognome|Apellidos|Nazwisko|Prijmeni|Naam|Efternavn|Etternavn|Sukunimi|Nume|"
    "Given names|Given names / Prenoms|Prénoms|Prénom(s)|Vornamen|Vorname|Nome|Nombre|Imiona|Jmeno|Voornamen|Fornavne|Etunimet|Prenume|Imie|"
    "Date of birth|Date of birth / Date de naissance|Date de naissance|Geburtsdatum|Geburtstag|Data di nascita|Fecha de nacimiento|"
    "Data urodzenia|Datum narozeni|Geboortedatum|Fodselsdato|Data de nascimento|Data nasterii|Geburtsdatum / Date of birth|"
    "Place of birth|Lieu de naissance|Geburtsort|Luogo di nascita|Lugar de nacimiento|Miejsce urodzenia|Place of birth/Lieu de naissance|"
    "Nationality|Nationalité|Staatsangehörigkeit|Cittadinanza|Nacionalidad|Obywatelstwo|Nationality / Nationalité|Nationaliteit|"
    "Sex|Sexe|Sex / Sexe|Geschlecht|Sesso|Sexo|Plec|Geslacht|Sex/Sexe|Date of issue|Date de délivrance|Ausstellungsdatum|Data di rilascio|"
    "Fecha de expedicion|Data wydania|Date of expiry|Date d'expiration|Gültig bis|Data di scadenza|Fecha de caducidad|Data waznosci|"
    "Date of expiry / Date d'expiration|Geldig tot|Valid until|Authority|Autorité|Behörde|Ausstellende Behörde|Autorita|Autoridad|Organ|"
    "Passport|Passeport|Reisepass|Passaporto|Pasaporte|Paszport|Passport No.|Passport No. / Passeport no|Document No.|Type|Type / Type|Typ|"
    "Code of issuing state|Country code|Code of issuing State / Code du pays|Identity card|Carte d'identité|Personalausweis|Carta d'identita|"
    "Residence permit|Titre de séjour|Aufenthaltstitel|Driving licence|Permis de conduire|Führerschein|Height|Taille|Grösse|Statura|"
    "Colour of eyes|Couleur des yeux|Augenfarbe|Signature of bearer|Signature du titulaire|Unterschrift|Firma|Firma del titolare|"
    "Personal No.|Personal number|Numero personnel|Codice fiscale|Residence|Domicile|Wohnort|Residenza|Domicilio|Remarks|Bemerkungen|"
    "European Union|Republic of|République|Bundesrepublik Deutschland|Kingdom of|Repubblica|Ministry of the Interior|Visa|Valid for|From|To|"
    "Number of entries|Duration of stay|days|Issued in|Delivre a|Valable pour|Kind of permit"
).split("|")
MONTHS = (
    "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC JANV FEV FEVR MARS AVR MAI JUIN JUIL AOUT SEPT DEZ OKT MRZ GEN MAG GIU LUG AGO SET OTT DIC ENE "
    "ABR JAN/JAN FEB/FEV MAR/MARS APR/AVR MAY/MAI JUN/JUIN JUL/JUIL AUG/AOUT SEP/SEPT OCT/OCT NOV/NOV DEC/DEC STY LUT KWI MAJ CZE LIP SIE WRZ PAZ LIS GRU"
).split()
LONG_MONTHS = (
    "January February March April May June July August September October November December janvier février mars avril mai juin juillet août "
    "septembre octobre novembre décembre Januar Februar März Juni Juli Oktober Dezember enero marzo gennaio maggio giugno luglio agosto"
).split()

# What a fifth of the letters is drawn with. None that plain letters do not stand for one by one: no ß, no Æ.
MARKED = {
    "A": "ÀÁÂÃÄÅĀĂĄ",
    "C": "ÇĆČĈĊ",
    "D": "ĎĐ",
    "E": "ÈÉÊËĒĖĘĚ",
    "G": "ĞĢĠ",
    "H": "ĦĤ",
    "I": "ÌÍÎÏĪĮİ",
    "J": "Ĵ",
    "K": "Ķ",
    "L": "ĹĻĽŁ",
    "N": "ÑŃŅŇ",
    "O": "ÒÓÔÕÖØŌŐ",
    "R": "ŔŘŖ",
    "S": "ŚŠŞȘ",
    "T": "ŤŢȚ",
    "U": "ÙÚÛÜŪŮŰŲ",
    "W": "Ŵ",
    "Y": "ÝŸŶ",
    "Z": "ŹŻŽ",
}
# Those that Unicode does not take apart.
STROKES = {"Ø": "O", "ø": "o", "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "ı": "i", "’": "'"}


def plain(character):
    """What a character is read as."""
    return STROKES.get(character) or unicodedata.normalize("NFD", character)[0]


def marked(rng, text, share):
    """Puts marks on a share of the letters that may bear one."""
    result = []
    for character in text:
        marks = MARKED.get(character.upper())
        if marks and rng.random() < share:
            mark = rng.choice(marks)
            lower = mark.lower()
            character = mark if character.isupper() else lower if len(lower) == 1 else character
        result.append(character)
    return "".join(result)


def word(rng):
    """Likely or not: a network that only ever saw likely names would read likely names."""
    kind = rng.random()
    if kind < 0.3:
        return rng.choice(NAMES)
    if kind < 0.6:
        return "".join(rng.choices(SYLLABLES, k=rng.randint(1, 4))).capitalize()
    letters = FREQUENT if kind < 0.8 else LETTERS
    return "".join(rng.choices(letters, k=rng.randint(2, 11))).capitalize()


def name(rng):
    kind = rng.random()
    if kind < 0.1:
        return word(rng) + rng.choice(("-", "-", " - ")) + word(rng)
    if kind < 0.16:
        return rng.choice(("O'", "D'", "Mc", "Mac", "De ", "Van ", "von ", "de la ", "El-", "Al ", "Di ")) + word(rng)
    return word(rng)


def names(rng):
    text = " ".join(name(rng) for _ in range(rng.choice((1, 1, 1, 2, 2, 3))))
    if rng.random() < 0.06:
        text = text + ", " + name(rng)
    return cased(rng, text)


def cased(rng, text, capitals=0.7):
    kind = rng.random()
    return text.upper() if kind < capitals else text.lower() if kind > 0.96 else text


def digits(rng, count):
    return "".join(rng.choices(string.digits, k=count))


def date(rng):
    day, month, year = rng.randint(1, 31), rng.randint(1, 12), rng.randint(1920, 2045)
    kind = rng.random()
    if kind < 0.4:
        separator = rng.choice(("." , ".", ".", "/", "-", " ", ". ", " . ", "/ "))
        tail = f"{year % 100:02d}" if rng.random() < 0.2 else str(year)
        return separator.join((f"{day:02d}", f"{month:02d}", tail))
    if kind < 0.5:
        return rng.choice(("-", "-", "/", ".")).join((str(year), f"{month:02d}", f"{day:02d}"))
    if kind < 0.55:
        return f"{month}/{day}/{year}"
    if kind < 0.88:
        tail = f"{year % 100:02d}" if rng.random() < 0.3 else str(year)
        separator = rng.choice((" ", " ", " ", "", "-", ".", "/"))
        text = separator.join((f"{day:02d}", rng.choice(MONTHS), tail))
        return text if rng.random() < 0.85 else text.title()
    text = f"{day}{rng.choice(('', '.'))} {rng.choice(LONG_MONTHS)} {year}"
    return cased(rng, text, 0.3)


def number(rng):
    kind = rng.random()
    if kind < 0.3:
        return digits(rng, rng.randint(3, 12))
    if kind < 0.6:
        return "".join(rng.choices(LETTERS, k=rng.randint(1, 3))) + rng.choice(("", "", " ", "-")) + digits(rng, rng.randint(4, 8))
    if kind < 0.75:
        return "".join(rng.choices(LETTERS + string.digits, k=rng.randint(6, 12)))
    if kind < 0.9:
        return rng.choice((" ", "-", ".", "/")).join(digits(rng, rng.randint(2, 4)) for _ in range(rng.randint(2, 4)))
    if kind < 0.95:
        return rng.choice(("#", "No. ", "Nr. ", "N. ", "+", "(", "5. ", "4d. ")) + digits(rng, rng.randint(3, 9))
    return f"{rng.randint(1, 2)}{rng.choice(('.', ',', ' m '))}{rng.randint(40, 99)}{rng.choice(('', ' m', ' cm'))}"


def small(rng):
    """Sexes, codes, numbers of fields."""
    kind = rng.random()
    if kind < 0.3:
        return rng.choice(("M", "F", "F", "M", "X", "W", "K", "H", "M/M", "F/F", "M / M", "K/F", "W/F", "V/F"))
    if kind < 0.6:
        return "".join(rng.choices(LETTERS, k=rng.randint(1, 3)))
    if kind < 0.8:
        return rng.choice(("1.", "2.", "3.", "4a.", "4b.", "4c.", "4d.", "5.", "7.", "9.", "1", "2", "(1)", "(2)", "AM", "B1", "BE", "C1E"))
    return digits(rng, rng.randint(1, 4))


def label(rng):
    text = rng.choice(LABELS)
    kind = rng.random()
    if kind < 0.3:
        text += rng.choice((" / ", "/", " / ", "/ ")) + rng.choice(LABELS)
        if rng.random() < 0.25:
            text += "/" + rng.choice(LABELS)
    elif kind < 0.4:
        text += ":"
    if rng.random() < 0.12:
        text = f"({rng.randint(1, 13)}) {text}" if rng.random() < 0.4 else f"{rng.randint(1, 14)}{rng.choice(('.', ''))} {text}"
    return cased(rng, text, 0.2)


def field(rng):
    """A label and what it labels, on one line."""
    return label(rng) + rng.choice((" ", ": ", " ", "  ")) + rng.choice((names, date, number, small))(rng)


def place(rng):
    text = rng.choice(PLACES)
    kind = rng.random()
    if kind < 0.15:
        text += ", " + "".join(rng.choices(LETTERS, k=3))
    elif kind < 0.25:
        text += f" ({rng.choice(PLACES)})"
    elif kind < 0.4:
        text = f"{word(rng)} {rng.choice(('Str. ', 'St. ', 'ul. ', 'rue ', ''))}{rng.randint(1, 199)}" + rng.choice(("", ", " + text))
    elif kind < 0.5:
        text = digits(rng, rng.choice((4, 5))) + " " + text
    return cased(rng, text, 0.6)


def anything(rng):
    """Without any grammar, so that no grammar is learnt."""
    kind = rng.random()
    if kind < 0.3:
        return "".join(rng.choices(PRINT_ALPHABET, k=rng.randint(1, 18)))
    if kind < 0.75:
        letters = rng.choice((LETTERS, string.ascii_lowercase, string.ascii_letters, string.ascii_letters + string.digits))
        return " ".join("".join(rng.choices(letters, k=rng.randint(1, 10))) for _ in range(rng.randint(1, 3)))
    if kind < 0.9:
        return rng.choice((" ", ", ", " & ", " + ", "/", "-", "'", ". ")).join((word(rng), word(rng)))
    return "".join(rng.choices(LETTERS + "<<<<<" + string.digits, k=rng.randint(4, 30)))


KINDS = ((names, 30), (date, 19), (number, 13), (small, 4), (label, 17), (field, 4), (place, 6), (anything, 12))


def random_print(rng):
    """A line as it is drawn."""
    functions, weights = zip(*KINDS)
    text = rng.choices(functions, weights)[0](rng)
    share = rng.choice((0.0, 0.2, 0.2, 0.4))
    return " ".join(marked(rng, text, share).split())[:60]
