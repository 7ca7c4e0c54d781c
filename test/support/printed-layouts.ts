import type { PrintedLine } from '../../src/domain/document-fields.js';
import type { MrzField } from '../../src/domain/mrz.js';

/** A page as a recogniser hands it over, with what it says. Layouts follow public descriptions; persons and numbers are invented. */
export interface PrintedLayout {
  readonly name: string;
  readonly lines: readonly PrintedLine[];
  readonly truth: Readonly<Partial<Record<MrzField, string>>>;
}

const ROW_PITCH = 3;
const LINE_HEIGHT = 2.2;
const CONFIDENCE = 0.98;

/** A drawing of a page in characters: two spaces and more part lines of print, and a row is one and a third of a line high. */
export function drawn(picture: string): PrintedLine[] {
  return picture
    .replace(/^\n/, '')
    .split('\n')
    .flatMap((row, index) =>
      [...row.matchAll(/\S+(?: \S+)*/g)].map((match) => ({
        text: match[0],
        confidence: CONFIDENCE,
        left: match.index,
        right: match.index + match[0].length,
        middle: index * ROW_PITCH,
        height: LINE_HEIGHT,
      })),
    );
}

type Truth = PrintedLayout['truth'];

const layout = (name: string, picture: string, truth: Truth): PrintedLayout => ({
  name,
  lines: drawn(picture),
  truth,
});

export const PRINTED_LAYOUTS: readonly PrintedLayout[] = [
  layout(
    'Poland, passport',
    `
RZECZPOSPOLITA POLSKA
TYP/TYPE   KOD PAŃSTWA WYDAJĄCEGO/CODE OF ISSUING STATE    NUMER PASZPORTU/PASSPORT NO
P          POL                                             EM 1234567
NAZWISKO/SURNAME
WIŚNIEWSKA-ŻAK
IMIONA/GIVEN NAMES
ZOFIA HANNA
OBYWATELSTWO/NATIONALITY
POLSKIE/POLISH
DATA URODZENIA/DATE OF BIRTH
14.05.1988
PŁEĆ/SEX     MIEJSCE URODZENIA/PLACE OF BIRTH
K/F          GDYNIA
DATA WYDANIA/DATE OF ISSUE          ORGAN WYDAJĄCY/AUTHORITY
03.02.2021                          WOJEWODA POMORSKI
DATA UPŁYWU WAŻNOŚCI/DATE OF EXPIRY
03.02.2031`,
    {
      surname: 'WIŚNIEWSKA-ŻAK',
      given_names: 'ZOFIA HANNA',
      date_of_birth: '1988-05-14',
      expires_on: '2031-02-03',
      document_number: 'EM1234567',
      issuer: 'POL',
      nationality: 'POL',
      sex: 'F',
    },
  ),
  layout(
    'Germany, passport',
    `
BUNDESREPUBLIK DEUTSCHLAND
REISEPASS   PASSPORT   PASSEPORT
Typ/Type    Kode/Code    Pass-Nr./Passport No./Passeport No
P           D            C01X4TK82
Name/Surname/Nom
KÖHLER
Vornamen/Given names/Prénoms
FRIEDERIKE ANNA
Geburtstag/Date of birth/Date de naissance    Geschlecht/Sex/Sexe
22.11.1985                                    F
Geburtsort/Place of birth/Lieu de naissance
OBERNDORF
Ausstellungsdatum/Date of issue/Date de délivrance
02.04.2022
Gültig bis/Date of expiry/Date d'expiration
01.04.2032`,
    {
      surname: 'KÖHLER',
      given_names: 'FRIEDERIKE ANNA',
      date_of_birth: '1985-11-22',
      expires_on: '2032-04-01',
      document_number: 'C01X4TK82',
      issuer: 'D',
      sex: 'F',
    },
  ),
  layout(
    'Germany, identity card',
    `
BUNDESREPUBLIK DEUTSCHLAND
PERSONALAUSWEIS   IDENTITY CARD
Name/Surname/Nom                                  L0T2X9K41
GÖTZ
Vornamen/Given names/Prénoms
JONAS
Geburtstag/Date of birth     Staatsangehörigkeit/Nationality
07.08.1991                   DEUTSCH
Geburtsort/Place of birth
ULM
Gültig bis/Date of expiry     Zugangsnummer/Card access number
14.09.2029                    482913`,
    {
      surname: 'GÖTZ',
      given_names: 'JONAS',
      date_of_birth: '1991-08-07',
      expires_on: '2029-09-14',
      issuer: 'D',
      nationality: 'D',
    },
  ),
  layout(
    'France, passport',
    `
RÉPUBLIQUE FRANÇAISE
Type/Type     Code du pays/Country code     Passeport n°/Passport No
P             FRA                           21CK43210
Nom/Surname (1)
LEFÈBVRE
Prénoms/Given names (2)
CAMILLE, ÉLISE
Nationalité/Nationality (3)
Française
Date de naissance/Date of birth (4)      Sexe/Sex (5)
09 12 1979                               F
Lieu de naissance/Place of birth (6)
NANTES
Date de délivrance/Date of issue (7)
15 06 2021
Date d'expiration/Date of expiry (8)
14 06 2031`,
    {
      surname: 'LEFÈBVRE',
      given_names: 'CAMILLE ÉLISE',
      date_of_birth: '1979-12-09',
      expires_on: '2031-06-14',
      document_number: '21CK43210',
      issuer: 'FRA',
      nationality: 'FRA',
      sex: 'F',
    },
  ),
  layout(
    'France, identity card',
    `
RÉPUBLIQUE FRANÇAISE
CARTE NATIONALE D'IDENTITÉ / IDENTITY CARD
NOM / Surname
GARNIER
Prénoms / Given names
LUCAS
SEXE / Sex    NATIONALITÉ / Nationality    DATE DE NAISS. / Date of birth
M             FRA                          30 03 1995
LIEU DE NAISSANCE / Place of birth
RENNES
N° DU DOCUMENT / Document No     DATE D'EXPIR. / Expiry date
K9T4XB281                        11 02 2031`,
    {
      surname: 'GARNIER',
      given_names: 'LUCAS',
      date_of_birth: '1995-03-30',
      expires_on: '2031-02-11',
      document_number: 'K9T4XB281',
      issuer: 'FRA',
      nationality: 'FRA',
      sex: 'M',
    },
  ),
  layout(
    'Spain, identity card',
    `
ESPAÑA   DOCUMENTO NACIONAL DE IDENTIDAD
APELLIDOS / SURNAMES
ORTIZ
NAVARRO
NOMBRE / NAME
MARÍA
SEXO / SEX    NACIONALIDAD / NATIONALITY    FECHA DE NACIMIENTO / DATE OF BIRTH
F             ESP                           19 10 1983
EMISIÓN / DATE OF ISSUE     VALIDEZ / DATE OF EXPIRY
04 07 2022                  04 07 2032
NUM SOPORTE / DOCUMENT No
CBT004512`,
    {
      surname: 'ORTIZ NAVARRO',
      given_names: 'MARÍA',
      date_of_birth: '1983-10-19',
      expires_on: '2032-07-04',
      document_number: 'CBT004512',
      issuer: 'ESP',
      nationality: 'ESP',
      sex: 'F',
    },
  ),
  layout(
    'Spain, passport',
    `
ESPAÑA   PASAPORTE
Tipo/Type   País emisor/Issuing state   Pasaporte No./Passport No.
P           ESP                         PAD482913
Apellidos/Surname
MOLINA SERRANO
Nombre/Given names
HUGO
Nacionalidad/Nationality
ESPAÑOLA
Fecha de nacimiento/Date of birth      Sexo/Sex
02 ENE/JAN 2001                        M
Lugar de nacimiento/Place of birth
MURCIA
Fecha de expedición/Date of issue      Fecha de caducidad/Date of expiry
12 SEP/SEP 2023                        12 SEP/SEP 2033`,
    {
      surname: 'MOLINA SERRANO',
      given_names: 'HUGO',
      date_of_birth: '2001-01-02',
      expires_on: '2033-09-12',
      document_number: 'PAD482913',
      issuer: 'ESP',
      nationality: 'ESP',
      sex: 'M',
    },
  ),
  layout(
    'Italy, passport',
    `
REPUBBLICA ITALIANA
Tipo. Type. Type.    Codice Paese. Country code.    Passaporto N. Passport No.
P                    ITA                            YB4829131
Cognome. Surname. Nom. (1)
FERRARI
Nome. Given names. Prénoms. (2)
GIULIA CHIARA
Cittadinanza. Nationality. Nationalité. (3)
ITALIANA
Data di nascita. Date of birth. Date de naissance. (4)
23 LUG/JUL 1992
Sesso. Sex. Sexe. (5)    Luogo di nascita. Place of birth. (6)
F                        LECCE (LE)
Data di rilascio. Date of issue. (7)     Autorità. Authority. (9)
05 MAG/MAY 2020                          QUESTORE
Data di scadenza. Date of expiry. (8)
04 MAG/MAY 2030`,
    {
      surname: 'FERRARI',
      given_names: 'GIULIA CHIARA',
      date_of_birth: '1992-07-23',
      expires_on: '2030-05-04',
      document_number: 'YB4829131',
      issuer: 'ITA',
      nationality: 'ITA',
      sex: 'F',
    },
  ),
  layout(
    'Italy, identity card',
    `
REPUBBLICA ITALIANA
MINISTERO DELL'INTERNO                 CA48291KT
CARTA DI IDENTITÀ / IDENTITY CARD
COGNOME / SURNAME
GALLO
NOME / NAME
MATTEO
LUOGO E DATA DI NASCITA / PLACE AND DATE OF BIRTH
PARMA (PR) 08.01.1999
SESSO / SEX     STATURA / HEIGHT     CITTADINANZA / NATIONALITY
M               181                  ITA
EMISSIONE / ISSUING    SCADENZA / EXPIRY
17.02.2022             08.01.2032`,
    {
      surname: 'GALLO',
      given_names: 'MATTEO',
      date_of_birth: '1999-01-08',
      expires_on: '2032-01-08',
      issuer: 'ITA',
      nationality: 'ITA',
      sex: 'M',
    },
  ),
  layout(
    'Portugal, citizen card',
    `
CARTÃO DE CIDADÃO    REPÚBLICA PORTUGUESA
APELIDO(S)  [ SURNAME ]
TEIXEIRA LOPES
NOME(S)  [ GIVEN NAME ]
BEATRIZ
SEXO / SEX    ALTURA / HEIGHT    NACIONALIDADE / NATIONALITY    DATA DE NASCIMENTO / DATE OF BIRTH
F             1,65               PRT                            11 06 1987
Nº DOCUMENTO / DOCUMENT No.           DATA DE VALIDADE / EXPIRY DATE
14829130 5ZX7                         20 08 2030`,
    {
      surname: 'TEIXEIRA LOPES',
      given_names: 'BEATRIZ',
      date_of_birth: '1987-06-11',
      expires_on: '2030-08-20',
      document_number: '148291305ZX7',
      issuer: 'PRT',
      nationality: 'PRT',
      sex: 'F',
    },
  ),
  layout(
    'Netherlands, passport',
    `
KONINKRIJK DER NEDERLANDEN
type/type    code/code    documentnummer/document no.
P            NLD          NXK42L9B3
naam/surname/nom
DE VRIES
voornamen/given names/prénoms
ANOUK JOHANNA
nationaliteit/nationality     geboortedatum/date of birth
Nederlandse                   10 MAA/MAR 1990
geboorteplaats/place of birth
Groningen
geslacht/sex     lengte/height
V/F              1,72 m
datum van afgifte/date of issue     geldig tot/date of expiry
15 JAN/JAN 2020                     15 JAN/JAN 2030`,
    {
      surname: 'DE VRIES',
      given_names: 'ANOUK JOHANNA',
      date_of_birth: '1990-03-10',
      expires_on: '2030-01-15',
      document_number: 'NXK42L9B3',
      issuer: 'NLD',
      nationality: 'NLD',
      sex: 'F',
    },
  ),
  layout(
    'Belgium, identity card',
    `
BELGIË   BELGIQUE   BELGIEN   BELGIUM
Naam / Name
PEETERS
Voornamen / Given names
Lotte M
Geslacht / Nationaliteit / Sex / Nationality
Geboortedatum / Date of birth
04 JUL 1996
Kaartnr. / Card No
592-4829131-77
Vervaldatum / Expiry date
22.03.2031`,
    {
      date_of_birth: '1996-07-04',
      expires_on: '2031-03-22',
      surname: 'PEETERS',
      given_names: 'LOTTE M',
      document_number: '592482913177',
      issuer: 'BEL',
    },
  ),
  layout(
    'Austria, passport',
    `
REPUBLIK ÖSTERREICH
Typ/Type     Code     Reisepass Nr./Passport No.
P            AUT      U4829137
Familienname/Surname
MOSER
Vorname/Given name
KATHARINA
Staatsangehörigkeit/Nationality
ÖSTERREICH
Geburtsdatum/Date of birth    Geschlecht/Sex
28.02.1994                    F
Ausstellungsdatum/Date of issue
20.05.2019
Gültig bis/Date of expiry
19.05.2029`,
    {
      surname: 'MOSER',
      given_names: 'KATHARINA',
      date_of_birth: '1994-02-28',
      expires_on: '2029-05-19',
      document_number: 'U4829137',
      issuer: 'AUT',
      nationality: 'AUT',
      sex: 'F',
    },
  ),
  layout(
    'Switzerland, identity card',
    `
SCHWEIZ   SUISSE   SVIZZERA   SVIZRA   SWITZERLAND
IDENTITÄTSKARTE   CARTE D'IDENTITÉ
Name/Nom/Cognome/Surname
AEBISCHER
Vorname(n)/Prénom(s)/Given name(s)
Reto
Geburtsdatum/Date de naissance/Date of birth
16 12 1982
Geschlecht/Sexe/Sex
M
Gültig bis/Valable jusqu'au/Date of expiry
05 10 2028`,
    {
      surname: 'AEBISCHER',
      given_names: 'RETO',
      date_of_birth: '1982-12-16',
      expires_on: '2028-10-05',
      issuer: 'CHE',
      sex: 'M',
    },
  ),
  layout(
    'Czechia, passport',
    `
ČESKÁ REPUBLIKA/CZECH REPUBLIC
TYP/TYPE    KÓD/CODE    ČÍSLO PASU/PASSPORT NO
P           CZE         48291370
01 PŘÍJMENÍ/SURNAME/NOM
DVOŘÁČKOVÁ
02 JMÉNO/GIVEN NAMES/PRÉNOMS
LENKA
03 STÁTNÍ OBČANSTVÍ/NATIONALITY
ČESKÁ REPUBLIKA/CZECH REPUBLIC
04 DATUM NAROZENÍ/DATE OF BIRTH      RODNÉ ČÍSLO/PERSONAL NO
12.12.1990                           905612/0442
05 POHLAVÍ/SEX
F
06 MÍSTO NAROZENÍ/PLACE OF BIRTH
KLATOVY
07 DATUM VYDÁNÍ/DATE OF ISSUE        08 PLATNOST DO/DATE OF EXPIRY
29.07.2020                           29.07.2030`,
    {
      surname: 'DVOŘÁČKOVÁ',
      given_names: 'LENKA',
      date_of_birth: '1990-12-12',
      expires_on: '2030-07-29',
      document_number: '48291370',
      issuer: 'CZE',
      nationality: 'CZE',
      sex: 'F',
    },
  ),
  layout(
    'Slovakia, identity card',
    `
SLOVENSKÁ REPUBLIKA   SLOVAK REPUBLIC
Priezvisko/Surname
KOVÁČ
Meno/Given names
MAREK
Dátum narodenia/Date of birth     Pohlavie/Sex
03.09.1986                        M
Číslo dokladu/Document No
HK482913
Platí do/Date of expiry
17.01.2028`,
    {
      surname: 'KOVÁČ',
      given_names: 'MAREK',
      date_of_birth: '1986-09-03',
      expires_on: '2028-01-17',
      document_number: 'HK482913',
      issuer: 'SVK',
      sex: 'M',
    },
  ),
  layout(
    'Slovenia, passport',
    `
REPUBLIKA SLOVENIJA / REPUBLIC OF SLOVENIA
Tip/Type    Koda države/Code of issuing state    Št. potnega lista/Passport No.
P           SVN                                  PB4829137
Priimek/Surname
ZUPANČIČ
Ime/Given names
TJAŠA
Državljanstvo/Nationality
SLOVENSKO/SLOVENIAN
Datum rojstva/Date of birth    Spol/Sex
06.04.1998                     Ž/F
Datum izdaje/Date of issue     Velja do/Date of expiry
01.06.2023                     01.06.2033`,
    {
      surname: 'ZUPANČIČ',
      given_names: 'TJAŠA',
      date_of_birth: '1998-04-06',
      expires_on: '2033-06-01',
      document_number: 'PB4829137',
      issuer: 'SVN',
      nationality: 'SVN',
      sex: 'F',
    },
  ),
  layout(
    'Croatia, identity card',
    `
REPUBLIKA HRVATSKA / REPUBLIC OF CROATIA
OSOBNA ISKAZNICA / IDENTITY CARD
Prezime/Surname
BABIĆ
Ime/Name
IVANA
Državljanstvo/Citizenship     Datum rođenja/Date of birth
HRV                           25 10 1993
Spol/Sex
Ž/F
Broj osobne iskaznice/Identity card number
115829137
Vrijedi do/Date of expiry
13 05 2030`,
    {
      surname: 'BABIĆ',
      given_names: 'IVANA',
      date_of_birth: '1993-10-25',
      expires_on: '2030-05-13',
      document_number: '115829137',
      issuer: 'HRV',
      nationality: 'HRV',
      sex: 'F',
    },
  ),
  layout(
    'Serbia, identity card',
    `
REPUBLIKA SRBIJA / REPUBLIC OF SERBIA
Prezime / Surname
JOVANOVIĆ
Ime / Given name
MILOŠ
Datum rođenja / Date of birth
18.06.1989
Pol / Sex
M
Reg. broj / Document No
014829137
Važi do / Valid until
24.11.2028`,
    {
      surname: 'JOVANOVIĆ',
      given_names: 'MILOŠ',
      date_of_birth: '1989-06-18',
      expires_on: '2028-11-24',
      document_number: '014829137',
      issuer: 'SRB',
      sex: 'M',
    },
  ),
  layout(
    'Hungary, identity card',
    `
MAGYARORSZÁG / HUNGARY
SZEMÉLYAZONOSÍTÓ IGAZOLVÁNY / IDENTITY CARD
Családi és utónév / Family name and Given name
Nem / Sex     Állampolgárság / Nationality
N/F           HUN
Születési idő / Date of birth
1997.11.30
Érvényességi idő / Date of expiry
2030.11.30
Okmányazonosító / Document No.
482913KE`,
    {
      date_of_birth: '1997-11-30',
      expires_on: '2030-11-30',
      document_number: '482913KE',
      issuer: 'HUN',
      nationality: 'HUN',
      sex: 'F',
    },
  ),
  layout(
    'Hungary, passport',
    `
MAGYARORSZÁG
Vezetéknév/Surname
NAGYIDAI
Utónév/Given names
ESZTER
Állampolgárság/Nationality          Születési idő/Date of birth
MAGYAR/HUNGARIAN                    14 MÁJ/MAY 85
Nem/Sex       Születési hely/Place of birth
N/F           SZEGED
Kiállítás dátuma/Date of issue      Útlevélszám/Passport No.
02 MÁR/MAR 22                       BK4829137
Érvényes/Date of expiry
02 MÁR/MAR 32`,
    {
      surname: 'NAGYIDAI',
      given_names: 'ESZTER',
      date_of_birth: '1985-05-14',
      expires_on: '2032-03-02',
      document_number: 'BK4829137',
      issuer: 'HUN',
      nationality: 'HUN',
      sex: 'F',
    },
  ),
  layout(
    'Romania, identity card',
    `
ROUMANIE   ROMANIA   ROMANIA
CARTE DE IDENTITATE   IDENTITY CARD
SERIA XT NR 482913
CNP 2950630482917
Nume/Nom/Last name
DUMITRESCU
Prenume/Prenom/First name
ELENA-ANDREEA
Cetățenie/Nationalité/Nationality       Sex/Sexe/Sex
Română / ROU                            F
Valabilitate/Validité/Validity
17.10.21-30.06.2031`,
    {
      surname: 'DUMITRESCU',
      given_names: 'ELENA-ANDREEA',
      expires_on: '2031-06-30',
      document_number: 'XT482913',
      issuer: 'ROU',
      nationality: 'ROU',
      sex: 'F',
    },
  ),
  layout(
    'Bulgaria, identity card',
    `
REPUBLIC OF BULGARIA
Фамилия/Surname
ДИМИТРОВ
DIMITROV
Име/Name
ГЕОРГИ
GEORGI
Дата на раждане/Date of birth
22.08.1984
Номер на документа/Document number
648291370
Валидност/Date of expiry
15.03.2029`,
    {
      surname: 'DIMITROV',
      given_names: 'GEORGI',
      date_of_birth: '1984-08-22',
      expires_on: '2029-03-15',
      document_number: '648291370',
      issuer: 'BGR',
    },
  ),
  layout(
    'Greece, passport',
    `
HELLENIC REPUBLIC
ΤΥΠΟΣ/TYPE    ΚΩΔΙΚΟΣ/CODE    AP. ΔΙΑΒΑΤΗΡΙΟΥ/PASSPORT No
P             GRC             AZ4829137
ΕΠΩΝΥΜΟ/SURNAME
VARDAS
ΟΝΟΜΑ/NAME
ELENI
ΥΠΗΚΟΟΤΗΤΑ/NATIONALITY
HELLENIC
ΗΜΕΡ. ΓΕΝΝΗΣΗΣ/DATE OF BIRTH
07 Apr 92
ΦΥΛΟ/SEX
F
ΗΜΕΡ. ΛΗΞΗΣ/DATE OF EXPIRY
21 Sep 28`,
    {
      surname: 'VARDAS',
      given_names: 'ELENI',
      date_of_birth: '1992-04-07',
      expires_on: '2028-09-21',
      document_number: 'AZ4829137',
      issuer: 'GRC',
      nationality: 'GRC',
      sex: 'F',
    },
  ),
  layout(
    'Denmark, passport',
    `
KONGERIGET DANMARK
Type/Type     Kode/Code     Pasnr./Passport No
P             DNK           204829137
Efternavn/Surname
LAURSEN
Fornavne/Given names
SIGNE MARIE
Nationalitet/Nationality     Køn/Sex
DANSK/DANISH                 K/F
Fødselsdato/Date of birth    Fødested/Place of birth
19 FEB/FEB 1991              AALBORG
Udstedelsesdato/Date of issue
11 OKT/OCT 2018
Udløbsdato/Date of expiry
11 OKT/OCT 2028`,
    {
      surname: 'LAURSEN',
      given_names: 'SIGNE MARIE',
      date_of_birth: '1991-02-19',
      expires_on: '2028-10-11',
      document_number: '204829137',
      issuer: 'DNK',
      nationality: 'DNK',
      sex: 'F',
    },
  ),
  layout(
    'Sweden, passport',
    `
SVERIGE   SWEDEN
Typ/Type    Kod/Code    Passnr/Passport No
P           SWE         AA4829137
Efternamn/Surname
ÅKERSTRÖM
Förnamn/Given names
NILS GUSTAV
Nationalitet/Nationality
SVENSK/SWEDISH
Födelsedatum/Date of birth    Personnr/Personal No
26 MAJ/MAY 77                 19770526-4817
Kön/Sex
M
Utfärdat/Date of issue     Giltigt till/Date of expiry
11 JUN/JUN 24              11 JUN/JUN 29`,
    {
      surname: 'ÅKERSTRÖM',
      given_names: 'NILS GUSTAV',
      date_of_birth: '1977-05-26',
      expires_on: '2029-06-11',
      document_number: 'AA4829137',
      issuer: 'SWE',
      nationality: 'SWE',
      sex: 'M',
    },
  ),
  layout(
    'Norway, passport',
    `
NORGE NOREG NORGA NORWAY
Type/Type     Kode/Code    Passnr./Passport No.
P             NOR          CCT482913
Etternavn/Surname
BJØRNSTAD
Fornavn/Given names
INGRID
Nasjonalitet/Nationality
NORSK/NORWEGIAN
Fødselsdato/Date of birth     Kjønn/Sex
21 08 1986                    K/F
Fødested/Place of birth
BODØ
Utstedt dato/Date of issue    Utløpsdato/Date of expiry
30 09 2020                    30 09 2030`,
    {
      surname: 'BJØRNSTAD',
      given_names: 'INGRID',
      date_of_birth: '1986-08-21',
      expires_on: '2030-09-30',
      document_number: 'CCT482913',
      issuer: 'NOR',
      nationality: 'NOR',
      sex: 'F',
    },
  ),
  layout(
    'Iceland, passport',
    `
ÍSLAND ICELAND
Tegund/Type    Kóði/Code    Vegabréf nr./Passport No.
P              ISL          A4829137
Kenninafn/Surname
GUNNARSDÓTTIR
Eiginnafn/Given names
HALLDÓRA
Ríkisfang/Nationality
ÍSLENSKT/ICELANDIC
Fæðingardagur/Date of birth     Kyn/Sex
15 ÁGÚ/AUG 1980                 F
Útgáfudagur/Date of issue
03 MAR/MAR 2019
Gildir til/Date of expiry
03 MAR/MAR 2029`,
    {
      surname: 'GUNNARSDÓTTIR',
      given_names: 'HALLDÓRA',
      date_of_birth: '1980-08-15',
      expires_on: '2029-03-03',
      document_number: 'A4829137',
      issuer: 'ISL',
      nationality: 'ISL',
      sex: 'F',
    },
  ),
  layout(
    'Finland, passport',
    `
SUOMI FINLAND
Tyyppi/Typ/Type     Koodi/Kod/Code     Passin nro/Passnr/Passport No
P                   FIN                PK4829137
Sukunimi/Efternamn/Surname
HÄMÄLÄINEN
Etunimet/Förnamn/Given names
VÄINÖ OLAVI
Kansalaisuus/Nationalitet/Nationality
SUOMI/FINLAND
Syntymäaika/Födelsedatum/Date of birth     Sukupuoli/Kön/Sex
13.03.1975                                 M/M
Myöntämispäivä/Utfärdat/Date of issue      Viim. voimassaolopäivä/Giltigt till/Date of expiry
01.02.2023                                 01.02.2028`,
    {
      surname: 'HÄMÄLÄINEN',
      given_names: 'VÄINÖ OLAVI',
      date_of_birth: '1975-03-13',
      expires_on: '2028-02-01',
      document_number: 'PK4829137',
      issuer: 'FIN',
      nationality: 'FIN',
      sex: 'M',
    },
  ),
  layout(
    'Estonia, identity card',
    `
EESTI VABARIIK   REPUBLIC OF ESTONIA
ISIKUTUNNISTUS / IDENTITY CARD
PEREKONNANIMI / SURNAME
TAMMSAAR
EESNIMED / GIVEN NAMES
KADRI
SUGU / SEX    KODAKONDSUS / CITIZENSHIP    SÜNNIAEG / DATE OF BIRTH
N/F           EST                          29.01.1993
ISIKUKOOD / PERSONAL CODE     DOKUMENDI NUMBER / DOCUMENT NUMBER
49301290023                   AB0482913
KEHTIV KUNI / DATE OF EXPIRY
18.05.2028`,
    {
      surname: 'TAMMSAAR',
      given_names: 'KADRI',
      date_of_birth: '1993-01-29',
      expires_on: '2028-05-18',
      document_number: 'AB0482913',
      issuer: 'EST',
      nationality: 'EST',
      sex: 'F',
    },
  ),
  layout(
    'Latvia, passport',
    `
LATVIJAS REPUBLIKA   REPUBLIC OF LATVIA
Tips/Type    Valsts kods/Code of state    Pases Nr./Passport No
P            LVA                          LV4829137
Uzvārds/Surname
BĒRZIŅŠ
Vārds/Given names
ARTŪRS
Pilsonība/Nationality
LATVIJAS/LATVIAN
Dzimšanas datums/Date of birth    Dzimums/Sex
08.12.1978                        V/M
Izdošanas datums/Date of issue    Derīga līdz/Date of expiry
14.04.2021                        13.04.2031`,
    {
      surname: 'BĒRZIŅŠ',
      given_names: 'ARTŪRS',
      date_of_birth: '1978-12-08',
      expires_on: '2031-04-13',
      document_number: 'LV4829137',
      issuer: 'LVA',
      nationality: 'LVA',
      sex: 'M',
    },
  ),
  layout(
    'Lithuania, identity card',
    `
LIETUVOS RESPUBLIKA   REPUBLIC OF LITHUANIA
Pavardė / Surname
KAZLAUSKIENĖ
Vardas / Given name
RASA
Lytis / Sex     Pilietybė / Citizenship
M/F             LTU
Gimimo data / Date of birth
1986-02-17
Asmens kodas / Personal No
48602170041
Kortelės Nr. / Card No
15482913
Galioja iki / Valid until
2031-07-22`,
    {
      surname: 'KAZLAUSKIENĖ',
      given_names: 'RASA',
      date_of_birth: '1986-02-17',
      expires_on: '2031-07-22',
      document_number: '15482913',
      issuer: 'LTU',
      nationality: 'LTU',
      sex: 'F',
    },
  ),
  layout(
    'Ireland, passport',
    `
ÉIRE   IRELAND   IRLANDE
Cineál/Type    Cód tíre/Country code    Pas Uimh./Passport No.
P              IRL                      PD4829137
Sloinne/Surname
Ó MURCHÚ
Réamhainm(neacha)/Given name(s)
CIARÁN
Náisiúntacht/Nationality
ÉIREANNACH/IRISH
Dáta breithe/Date of birth     Gnéas/Sex
12 MEI/JUN 1990                M
Áit bhreithe/Place of birth
GAILLIMH/GALWAY
Dáta eisiúna/Date of issue
04 LÚN/AUG 2019
As feidhm/Date of expiry
03 LÚN/AUG 2029`,
    {
      surname: 'Ó MURCHÚ',
      given_names: 'CIARÁN',
      date_of_birth: '1990-06-12',
      expires_on: '2029-08-03',
      document_number: 'PD4829137',
      issuer: 'IRL',
      nationality: 'IRL',
      sex: 'M',
    },
  ),
  layout(
    'United Kingdom, passport',
    `
UNITED KINGDOM OF GREAT BRITAIN AND NORTHERN IRELAND
Type/Type    Code/Code    Passport No./Passeport No.
P            GBR          548291370
Surname/Nom
ASHWORTH
Given names/Prénoms
DANIEL GEORGE
Nationality/Nationalité
BRITISH CITIZEN
Date of birth/Date de naissance
11 SEP /SEPT 76
Sex/Sexe    Place of birth/Lieu de naissance
M           CROYDON
Date of issue/Date de délivrance     Authority/Autorité
03 JUL /JUIL 22                      HMPO
Date of expiry/Date d'expiration
03 JUL /JUIL 32`,
    {
      surname: 'ASHWORTH',
      given_names: 'DANIEL GEORGE',
      date_of_birth: '1976-09-11',
      expires_on: '2032-07-03',
      document_number: '548291370',
      issuer: 'GBR',
      nationality: 'GBR',
      sex: 'M',
    },
  ),
  layout(
    'Malta, identity card',
    `
MALTA
KARTA TAL-IDENTITÀ / IDENTITY CARD
Kunjom / Surname
CAMILLERI
Isem / Name
MARIJA
Data tat-twelid / Date of birth     Sess / Sex
27/04/1988                          F
Numru tad-dokument / Document No
482913MT
Tiskadi / Date of expiry
30/09/2031`,
    {
      surname: 'CAMILLERI',
      given_names: 'MARIJA',
      date_of_birth: '1988-04-27',
      expires_on: '2031-09-30',
      document_number: '482913MT',
      issuer: 'MLT',
      sex: 'F',
    },
  ),
  layout(
    'Cyprus, passport',
    `
REPUBLIC OF CYPRUS
TYPE    CODE    PASSPORT No
P       CYP     K00482913
SURNAME
CHRISTODOULOU
NAME
ANDREAS
NATIONALITY
CYPRIOT
DATE OF BIRTH     SEX
30/05/1969        M
DATE OF ISSUE     DATE OF EXPIRY
18/01/2021        18/01/2031`,
    {
      surname: 'CHRISTODOULOU',
      given_names: 'ANDREAS',
      date_of_birth: '1969-05-30',
      expires_on: '2031-01-18',
      document_number: 'K00482913',
      issuer: 'CYP',
      nationality: 'CYP',
      sex: 'M',
    },
  ),
  layout(
    'Luxembourg, passport',
    `
GRAND-DUCHÉ DE LUXEMBOURG
Type/Type    Code/Code    N° du passeport/Passport No
P            LUX          JC4829K1
Nom/Surname
WEYDERT
Prénom(s)/Given name(s)
CLAUDE
Nationalité/Nationality
Luxembourgeoise
Date de naissance/Date of birth      Sexe/Sex
05 AOÛT/AUG 1965                     M
Date d'expiration/Date of expiry
08 DÉC/DEC 2029`,
    {
      surname: 'WEYDERT',
      given_names: 'CLAUDE',
      date_of_birth: '1965-08-05',
      expires_on: '2029-12-08',
      document_number: 'JC4829K1',
      issuer: 'LUX',
      nationality: 'LUX',
      sex: 'M',
    },
  ),
  layout(
    'Turkey, identity card',
    `
TÜRKİYE CUMHURİYETİ KİMLİK KARTI
REPUBLIC OF TURKEY IDENTITY CARD
T.C. Kimlik No / TR Identity No
48291370056
Soyadı / Surname
YILMAZER
Adı / Given Name(s)
ELİF
Doğum Tarihi / Date of Birth     Cinsiyeti / Gender
24.10.1996                       K/F
Seri No / Document No            Uyruğu / Nationality
A48B29137                        T.C./TUR
Son Geçerlilik / Valid Until
12.03.2032`,
    {
      surname: 'YILMAZER',
      given_names: 'ELİF',
      date_of_birth: '1996-10-24',
      expires_on: '2032-03-12',
      document_number: 'A48B29137',
      issuer: 'TUR',
      nationality: 'TUR',
      sex: 'F',
    },
  ),
  layout(
    'Ukraine, passport',
    `
UKRAINE   УКРАЇНА
Тип/Type    Код держави/Country code    Номер паспорта/Passport No
P           UKR                         FT482913
Прізвище/Surname
SHEVCHUK
Ім'я/Given Names
OKSANA
Громадянство/Nationality
UKRAINE
Дата народження/Date of birth
17 БЕР/MAR 94
Стать/Sex
Ж/F
Дата видачі/Date of issue
05 ТРА/MAY 21
Дата закінчення строку дії/Date of expiry
05 ТРА/MAY 31`,
    {
      surname: 'SHEVCHUK',
      given_names: 'OKSANA',
      date_of_birth: '1994-03-17',
      expires_on: '2031-05-05',
      document_number: 'FT482913',
      issuer: 'UKR',
      nationality: 'UKR',
    },
  ),
  layout(
    'Russia, passport for abroad, Cyrillic misread',
    `
RUSSIAN FEDERATION
Tnn/Type    Kod/Code of issuing state    Homep nacnopta/Passport No.
P           RUS                          734829137
Oamnnn/Surname
VOLKOVA
Nmr/Given names
DARYA
Date of birth
02.06.1990
Date of issue       Date of expiry
12.02.2020          12.02.2030`,
    {
      surname: 'VOLKOVA',
      given_names: 'DARYA',
      date_of_birth: '1990-06-02',
      expires_on: '2030-02-12',
      document_number: '734829137',
      issuer: 'RUS',
    },
  ),
  layout(
    'Albania, identity card',
    `
REPUBLIKA E SHQIPËRISË / REPUBLIC OF ALBANIA
Mbiemri / Surname
HOXHAJ
Emri / Given name
ARBEN
Datëlindja / Date of birth     Gjinia / Sex
19.07.1981                     M
Shtetësia / Nationality
SHQIPTARE / ALBANIAN
Nr. letërnjoftimit / Card no
048291370
Data e skadencës / Date of expiry
21.03.2030`,
    {
      surname: 'HOXHAJ',
      given_names: 'ARBEN',
      date_of_birth: '1981-07-19',
      expires_on: '2030-03-21',
      document_number: '048291370',
      issuer: 'ALB',
      nationality: 'ALB',
      sex: 'M',
    },
  ),
  layout(
    'Germany, driving licence',
    `
FÜHRERSCHEIN   BUNDESREPUBLIK DEUTSCHLAND
1. VOGELSANG
2. HEIKO
3. 12.05.1972 CELLE
4a. 19.01.2021   4b. 18.01.2036
4c. LANDKREIS CELLE
5. N0722RR2I51
9. AM/B/L`,
    {
      surname: 'VOGELSANG',
      given_names: 'HEIKO',
      date_of_birth: '1972-05-12',
      expires_on: '2036-01-18',
      document_number: 'N0722RR2I51',
      issuer: 'D',
    },
  ),
  layout(
    'United Kingdom, driving licence',
    `
DRIVING LICENCE   UK
1. HOLLOWAY
2. MRS SARAH LOUISE
3. 11.03.1976 UNITED KINGDOM
4a. 19.01.2023 4c. DVLA
4b. 18.01.2033
5. HOLLO753116SL9IJ 35
8. 12 EXAMPLE STREET, LEEDS`,
    {
      surname: 'HOLLOWAY',
      given_names: 'SARAH LOUISE',
      date_of_birth: '1976-03-11',
      expires_on: '2033-01-18',
      document_number: 'HOLLO753116SL9IJ',
    },
  ),
  layout(
    'France, driving licence',
    `
PERMIS DE CONDUIRE   RÉPUBLIQUE FRANÇAISE
1. BÉRANGER
2. PAUL, HENRI
3. 02.12.1990 LYON
4a. 12.05.2021 4c. PRÉFET DU RHÔNE
4b. 11.05.2036
5. 21AB48291
9. B`,
    {
      surname: 'BÉRANGER',
      given_names: 'PAUL HENRI',
      date_of_birth: '1990-12-02',
      expires_on: '2036-05-11',
      document_number: '21AB48291',
      issuer: 'FRA',
    },
  ),
  layout(
    'Sweden, driving licence',
    `
KÖRKORT   SVERIGE
1. SJÖBERG
2. ANNA KARIN
3. 1984-11-19 SVERIGE
4a. 2022-08-07   4c. TRANSPORTSTYRELSEN
4b. 2032-08-07   4d. 19841119-2380
5. 84119-238007`,
    {
      surname: 'SJÖBERG',
      given_names: 'ANNA KARIN',
      date_of_birth: '1984-11-19',
      expires_on: '2032-08-07',
      document_number: '84119238007',
      issuer: 'SWE',
    },
  ),
  layout(
    'Netherlands, driving licence, numbers apart from values',
    `
RIJBEWIJS   KONINKRIJK DER NEDERLANDEN
1.   VAN DIJK
2.   PIETER
3.   04.09.1968 BREDA
4a.  11.06.2020
4b.  11.06.2030
5.   5482913706`,
    {
      surname: 'VAN DIJK',
      given_names: 'PIETER',
      date_of_birth: '1968-09-04',
      expires_on: '2030-06-11',
      document_number: '5482913706',
      issuer: 'NLD',
    },
  ),
  layout(
    'Ireland, driving licence',
    `
CEADÚNAS TIOMÁNA   ÉIRE IRELAND   DRIVING LICENCE
1. DOYLE
2. AOIFE
3. 05.11.1995 IRL
4a. 20.01.2022  4b. 19.01.2032
4c. RSA
4d. 048291370
5. 1234 5678 9`,
    {
      surname: 'DOYLE',
      given_names: 'AOIFE',
      date_of_birth: '1995-11-05',
      expires_on: '2032-01-19',
      document_number: '123456789',
      issuer: 'IRL',
    },
  ),
  layout(
    'Italy, driving licence, run together',
    `
PATENTE DI GUIDA   REPUBBLICA ITALIANA
1.DE LUCA
2.SARA
3.14/02/1989 ROMA (RM)
4a.10/03/20214c.MIT-UCO
4b.14/02/2032
5.U14829137K`,
    {
      surname: 'DE LUCA',
      given_names: 'SARA',
      date_of_birth: '1989-02-14',
      expires_on: '2032-02-14',
      document_number: 'U14829137K',
      issuer: 'ITA',
    },
  ),
  layout(
    'California, driver license',
    `
CALIFORNIA   DRIVER LICENSE
DL Y4829137       CLASS C
EXP 08/31/2029    END NONE
LN HARGROVE
FN JANET MARIE
2570 24TH STREET
ANYTOWN, CA 95818
DOB 08/31/1977
SEX F    HAIR BRN    EYES BLU
ISS 08/31/2024`,
    {
      surname: 'HARGROVE',
      given_names: 'JANET MARIE',
      date_of_birth: '1977-08-31',
      expires_on: '2029-08-31',
      document_number: 'Y4829137',
      issuer: 'USA',
      sex: 'F',
    },
  ),
  layout(
    'Pennsylvania, driver license with numbers',
    `
PENNSYLVANIA   DRIVER'S LICENSE
4d DLN 48 291 370
3 DOB 01/07/1973
4b EXP 01/08/2030
4a ISS 01/07/2026
1 WHITFIELD
2 ANDREW JASON
8 123 MAIN STREET
15 SEX M
16 HGT 5'-11"`,
    {
      surname: 'WHITFIELD',
      given_names: 'ANDREW JASON',
      date_of_birth: '1973-01-07',
      expires_on: '2030-01-08',
      document_number: '48291370',
      issuer: 'USA',
      sex: 'M',
    },
  ),
  layout(
    'New York State, driver license',
    `
NEW YORK STATE   DRIVER LICENSE
ID: 482 913 706
CLASS D
1 BRADDOCK
2 MICHELLE, M
3 DOB: 10/31/1990
4a Issued: 03/07/2023
4b Expires: 10/31/2030
15 SEX F`,
    {
      document_number: '482913706',
      surname: 'BRADDOCK',
      given_names: 'MICHELLE M',
      date_of_birth: '1990-10-31',
      expires_on: '2030-10-31',
      issuer: 'USA',
      sex: 'F',
    },
  ),
  layout(
    'Texas, driver license',
    `
TEXAS   DRIVER LICENSE
4d. DL: 48291370    9. Class: C
4a. Iss: 04/21/2024
4b. Exp: 04/21/2032
3. DOB: 04/21/1986
1. CANTRELL
2. JESSICA ANN
15. Sex: F`,
    {
      surname: 'CANTRELL',
      given_names: 'JESSICA ANN',
      date_of_birth: '1986-04-21',
      expires_on: '2032-04-21',
      document_number: '48291370',
      issuer: 'USA',
      sex: 'F',
    },
  ),
  layout(
    'Illinois, identification card, name in one line',
    `
ILLINOIS   IDENTIFICATION CARD
NAME: STANFIELD, ROBERT LEE
DOB: 02/14/1969
EXP: 02/14/2028
SEX: M
ID NUMBER: 482-913-706`,
    {
      surname: 'STANFIELD',
      given_names: 'ROBERT LEE',
      date_of_birth: '1969-02-14',
      expires_on: '2028-02-14',
      issuer: 'USA',
      sex: 'M',
    },
  ),
  layout(
    'Ontario, driver’s licence',
    `
ONTARIO   DRIVER'S LICENCE   PERMIS DE CONDUIRE   CANADA
1,2 NAME/NOM
PATERSON,
CHLOE ANN
4d NUMBER/NUMÉRO
P0482 - 91370 - 05512
4a ISS/DÉL     4b EXP/EXP
2023/06/15     2028/05/12
3 DOB/DDN      15 SEX/SEXE
1990/05/12     F`,
    {
      document_number: 'P04829137005512',
      surname: 'PATERSON',
      given_names: 'CHLOE ANN',
      date_of_birth: '1990-05-12',
      expires_on: '2028-05-12',
      issuer: 'CAN',
      sex: 'F',
    },
  ),
  layout(
    'Canada, passport',
    `
CANADA
Type/Type    Issuing Country/Pays émetteur    Passport No./N° de passeport
P            CAN                              AB482913
Surname/Nom
LEBLANC
Given names/Prénoms
OLIVIER
Nationality/Nationalité
CANADIAN/CANADIENNE
Date of birth/Date de naissance
09 FEB /FÉV 84
Sex/Sexe    Place of birth/Lieu de naissance
M           MONCTON CAN
Date of issue/Date de délivrance
14 JAN /JAN 20
Date of expiry/Date d'expiration
14 JAN /JAN 30`,
    {
      surname: 'LEBLANC',
      given_names: 'OLIVIER',
      date_of_birth: '1984-02-09',
      expires_on: '2030-01-14',
      document_number: 'AB482913',
      issuer: 'CAN',
      nationality: 'CAN',
      sex: 'M',
    },
  ),
  layout(
    'United States, passport',
    `
UNITED STATES OF AMERICA
Type/Type/Tipo    Code/Code/Codigo    Passport No./No du Passeport/No de Pasaporte
P                 USA                 548291370
Surname/Nom/Apellidos
KENDRICK
Given Names/Prénoms/Nombres
AMELIA ROSE
Nationality/Nationalité/Nacionalidad
UNITED STATES OF AMERICA
Date of birth/Date de naissance/Fecha de nacimiento
15 May 1996
Place of birth/Lieu de naissance/Lugar de nacimiento     Sex/Sexe/Sexo
OREGON, U.S.A.                                           F
Date of issue/Date de délivrance/Fecha de expedición
15 Apr 2017
Date of expiration/Date d'expiration/Fecha de caducidad
14 Apr 2027`,
    {
      surname: 'KENDRICK',
      given_names: 'AMELIA ROSE',
      date_of_birth: '1996-05-15',
      expires_on: '2027-04-14',
      document_number: '548291370',
      issuer: 'USA',
      nationality: 'USA',
      sex: 'F',
    },
  ),
  layout(
    'Australia, driver licence without order of days',
    `
DRIVER LICENCE   NEW SOUTH WALES AUSTRALIA
Card Number 2 048 291 370
Jasmine ROWNTREE
Licence No. 48291370
Licence Class C
Date of Birth 07 FEB 1992
Expiry Date 22 OCT 2028`,
    {
      date_of_birth: '1992-02-07',
      expires_on: '2028-10-22',
      document_number: '48291370',
      issuer: 'AUS',
    },
  ),
  layout(
    'Taiwan, passport, name in one line',
    `
REPUBLIC OF CHINA   PASSPORT
Type    Code    Passport No.
P       TWN     348291370
Name (Surname, Given names)
CHOU, YU-TING
Nationality
REPUBLIC OF CHINA
Sex    Date of birth
F      23 NOV 1999
Date of issue     Date of expiry
02 JUN 2021       02 JUN 2031`,
    {
      surname: 'CHOU',
      given_names: 'YU-TING',
      date_of_birth: '1999-11-23',
      expires_on: '2031-06-02',
      document_number: '348291370',
      issuer: 'TWN',
      nationality: 'TWN',
      sex: 'F',
    },
  ),
  layout(
    'Brazil, passport',
    `
REPÚBLICA FEDERATIVA DO BRASIL
TIPO/TYPE     PAÍS EMISSOR/ISSUING COUNTRY     PASSAPORTE Nº/PASSPORT No.
P             BRA                              FT482913
SOBRENOME/SURNAME
ALMEIDA
NOME/GIVEN NAMES
RAFAELA
NACIONALIDADE/NATIONALITY
BRASILEIRO(A)
DATA DE NASCIMENTO/DATE OF BIRTH
03 MAI/MAY 1990
SEXO/SEX
F
DATA DE EXPEDIÇÃO/DATE OF ISSUE
20 OUT/OCT 2022
VÁLIDO ATÉ/DATE OF EXPIRY
19 OUT/OCT 2032`,
    {
      surname: 'ALMEIDA',
      given_names: 'RAFAELA',
      date_of_birth: '1990-05-03',
      expires_on: '2032-10-19',
      document_number: 'FT482913',
      issuer: 'BRA',
      nationality: 'BRA',
      sex: 'F',
    },
  ),
  layout(
    'Mexico, passport, given names over two lines',
    `
ESTADOS UNIDOS MEXICANOS
Tipo/Type     Clave del país/Issuing state     Pasaporte No./Passport No.
P             MEX                              G48291370
Apellidos/Surname
CASTAÑEDA RUIZ
Nombres/Given names
MARÍA FERNANDA
GUADALUPE
Nacionalidad/Nationality
MEXICANA
Fecha de nacimiento/Date of birth     Sexo/Sex
21 08 1991                            F
Fecha de expedición/Date of issue
13 09 2020
Fecha de caducidad/Date of expiry
13 09 2030`,
    {
      surname: 'CASTAÑEDA RUIZ',
      given_names: 'MARÍA FERNANDA GUADALUPE',
      date_of_birth: '1991-08-21',
      expires_on: '2030-09-13',
      document_number: 'G48291370',
      issuer: 'MEX',
      nationality: 'MEX',
      sex: 'F',
    },
  ),
  layout(
    'India, passport',
    `
REPUBLIC OF INDIA
Type     Country Code     Passport No.
P        IND              T4829137
Surname
KRISHNAMURTHY
Given Name(s)
ANIL
Nationality     Sex     Date of Birth
INDIAN          M       17/03/1981
Place of Birth
MYSORE
Place of Issue
BENGALURU
Date of Issue     Date of Expiry
22/11/2019        21/11/2029`,
    {
      surname: 'KRISHNAMURTHY',
      given_names: 'ANIL',
      date_of_birth: '1981-03-17',
      expires_on: '2029-11-21',
      document_number: 'T4829137',
      issuer: 'IND',
      nationality: 'IND',
      sex: 'M',
    },
  ),
  layout(
    'Nigeria, passport',
    `
FEDERAL REPUBLIC OF NIGERIA
Type    Country Code    Passport Number
P       NGA             B04829137
Surname
ADEBAYO
Given Names
TOLULOPE GRACE
Nationality
NIGERIAN
Date of Birth      Sex
29 DEC / DEC 87    F
Date of Issue      Date of Expiry
16 MAR / MAR 22    15 MAR / MAR 32`,
    {
      surname: 'ADEBAYO',
      given_names: 'TOLULOPE GRACE',
      date_of_birth: '1987-12-29',
      expires_on: '2032-03-15',
      document_number: 'B04829137',
      issuer: 'NGA',
      nationality: 'NGA',
      sex: 'F',
    },
  ),
  layout(
    'United States, visa',
    `
VISA   UNITED STATES OF AMERICA
Issuing Post Name
LONDON
Surname
OYELARAN
Given Name
PETER
Passport Number     Sex     Birth Date     Nationality
548291370           M       05FEB1965      GBR
Issue Date     Expiration Date
24JUN2024      23DEC2033`,
    {
      surname: 'OYELARAN',
      given_names: 'PETER',
      date_of_birth: '1965-02-05',
      expires_on: '2033-12-23',
      document_number: '548291370',
      nationality: 'GBR',
      issuer: 'USA',
      sex: 'M',
    },
  ),
  layout(
    'Residence permit, labels on the left',
    `
REPUBLIK ÖSTERREICH   AUFENTHALTSTITEL
Familienname/Surname:     PETROVSKA
Vorname/Given name:       MARIJA
Gültig bis/Valid until:   14.06.2028
Geburtsdatum/Date of birth:   11.01.1992
Geschlecht/Sex:           F`,
    {
      surname: 'PETROVSKA',
      given_names: 'MARIJA',
      date_of_birth: '1992-01-11',
      expires_on: '2028-06-14',
      issuer: 'AUT',
      sex: 'F',
    },
  ),
  layout(
    'Student card, values behind their labels',
    `
UNIVERSITY OF NORDVIK
Surname: FAIRBANKS
First name: OSCAR
Date of birth: 12.10.2003
Card No: 48291370
Valid until: 30.09.2027`,
    {
      surname: 'FAIRBANKS',
      given_names: 'OSCAR',
      date_of_birth: '2003-10-12',
      expires_on: '2027-09-30',
      document_number: '48291370',
    },
  ),
  layout(
    'Identity card whose labels were not read',
    `
MAGYARORSZÁG
NAGYIDAI
ESZTER
14 MÁJ/MAY 85
02 MÁR/MAR 22
02 MÁR/MAR 32`,
    { date_of_birth: '1985-05-14', expires_on: '2032-03-02', issuer: 'HUN' },
  ),
  layout(
    'Names that hold labels',
    `
Surname / Nom
SEXTON-DOBSON
Given names / Prénoms
NOMURA IMENA
Date of birth / Date de naissance
01 FEB 1990`,
    { surname: 'SEXTON-DOBSON', given_names: 'NOMURA IMENA', date_of_birth: '1990-02-01' },
  ),
  layout(
    'Dates that can be read in two ways',
    `
Surname
ABERNATHY
Given names
JUNE
Date of birth
03/04/1990
Date of expiry
05/06/2029`,
    { surname: 'ABERNATHY', given_names: 'JUNE' },
  ),
  layout(
    'Florida, driver license',
    `
FLORIDA
DRIVER LICENSE     CLASS E
4d DLN S482-913-70-056-0
1 SUMMERFIELD
2 KEVIN PAUL
8 421 OCEAN DRIVE
3 DOB 05/06/1970   15 SEX M
4a ISS 04/30/2023  4b EXP 05/06/2031
16 HGT 6'-00"`,
    {
      surname: 'SUMMERFIELD',
      given_names: 'KEVIN PAUL',
      date_of_birth: '1970-05-06',
      expires_on: '2031-05-06',
      document_number: 'S482913700560',
      issuer: 'USA',
      sex: 'M',
    },
  ),
  layout(
    'Quebec, driver’s licence',
    `
QUÉBEC CANADA   PERMIS DE CONDUIRE   DRIVER'S LICENCE
4d T4829-131298-05
1 TREMBLAY
2 MARC-ANTOINE
3 1998-12-13
4a 2022-11-02   4b 2030-12-13
15 M`,
    {
      surname: 'TREMBLAY',
      given_names: 'MARC-ANTOINE',
      date_of_birth: '1998-12-13',
      expires_on: '2030-12-13',
      document_number: 'T482913129805',
      issuer: 'CAN',
      sex: 'M',
    },
  ),
  layout(
    'Estonia, driving licence',
    `
JUHILUBA   EESTI VABARIIK   DRIVING LICENCE
1. KASK
2. MART
3. 09.10.1979, TALLINN
4a. 14.03.2019   4b. 14.03.2029
4c. MAANTEEAMET  4d. 37910090234
5. ET482913
9. B, B1`,
    {
      surname: 'KASK',
      given_names: 'MART',
      date_of_birth: '1979-10-09',
      expires_on: '2029-03-14',
      document_number: 'ET482913',
      issuer: 'EST',
    },
  ),
  layout(
    'Japan, passport',
    `
JAPAN   PASSPORT
Type     Issuing country     Passport No.
P        JPN                 TR4829137
Surname
NAKAGAWA
Given name
HARUKA
Nationality     Date of birth
JAPAN           20 FEB 1999
Sex    Registered Domicile
F      TOKYO
Date of issue    Date of expiry
24 MAR 2023      24 MAR 2033`,
    {
      surname: 'NAKAGAWA',
      given_names: 'HARUKA',
      date_of_birth: '1999-02-20',
      expires_on: '2033-03-24',
      document_number: 'TR4829137',
      issuer: 'JPN',
      nationality: 'JPN',
      sex: 'F',
    },
  ),
  layout(
    'Kosovo, identity card',
    `
REPUBLIKA E KOSOVËS / REPUBLIC OF KOSOVO
Mbiemri / Surname              Nr. i kartës / Card No
GASHI                          J48291370
Emri / Given name
DONIKA
Data e lindjes / Date of birth     Gjinia / Sex
05.08.2000                         F
Data e skadimit / Date of expiry
11.11.2030`,
    {
      surname: 'GASHI',
      given_names: 'DONIKA',
      date_of_birth: '2000-08-05',
      expires_on: '2030-11-11',
      document_number: 'J48291370',
      issuer: 'RKS',
      sex: 'F',
    },
  ),
  layout(
    'Netherlands, identity card',
    `
KONINKRIJK DER NEDERLANDEN
IDENTITEITSKAART
documentnummer / document no.
IL482K9B3
naam / surname
JANSEN
voornamen / given names
SANNE
geboortedatum / date of birth    nationaliteit / nationality
31 OKT/OCT 1994                  Nederlandse
geldig tot / date of expiry
09 MEI/MAY 2031`,
    {
      surname: 'JANSEN',
      given_names: 'SANNE',
      date_of_birth: '1994-10-31',
      expires_on: '2031-05-09',
      document_number: 'IL482K9B3',
      issuer: 'NLD',
      nationality: 'NLD',
    },
  ),
  layout(
    'Spain, driving licence',
    `
PERMISO DE CONDUCCIÓN   REINO DE ESPAÑA
1. HERRERA CAMPOS
2. LUCÍA
3. 03/05/1991 SEVILLA
4a. 22/06/2021  4c. 41-00
4b. 22/06/2031
5. 48291370-Z
9. AM B`,
    {
      surname: 'HERRERA CAMPOS',
      given_names: 'LUCÍA',
      date_of_birth: '1991-05-03',
      expires_on: '2031-06-22',
      document_number: '48291370Z',
      issuer: 'ESP',
    },
  ),
  layout(
    'Denmark, driving licence with letters small',
    `
KØREKORT   DANMARK
1. Thomsen
2. Mads Emil
3. 14.09.1993 Odense
4a. 03.02.2020 4b. 03.02.2035
4c. Rigspolitiet
5. 14829137`,
    {
      surname: 'THOMSEN',
      given_names: 'MADS EMIL',
      date_of_birth: '1993-09-14',
      expires_on: '2035-02-03',
      document_number: '14829137',
      issuer: 'DNK',
    },
  ),
  layout(
    'South Africa, passport',
    `
REPUBLIC OF SOUTH AFRICA
Type/Type     Code/Code     Passport No./No. du passeport
P             ZAF           A04829137
Surname/Nom
MOKOENA
Given names/Prénoms
THABO
Nationality/Nationalité
SOUTH AFRICAN
Date of birth/Date de naissance     ID No./No. personnel
26 JUN 1978                         7806265482083
Sex/Sexe
M
Date of issue/Date de délivrance    Date of expiry/Date d'expiration
19 NOV 2018                         18 NOV 2028`,
    {
      surname: 'MOKOENA',
      given_names: 'THABO',
      date_of_birth: '1978-06-26',
      expires_on: '2028-11-18',
      document_number: 'A04829137',
      issuer: 'ZAF',
      nationality: 'ZAF',
      sex: 'M',
    },
  ),
];
