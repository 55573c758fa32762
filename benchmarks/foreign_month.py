"""A delivery month by another hand ("bulan asing"): people, households and errors that the linkage was not tuned on.

What belongs here: a second simulation that shares nothing with ``dtsen_pipeline.simulation`` but the source contracts. Its
names, its population and its errors are its own, so that a figure measured on it says something about strange data.

The people. Families of one to a dozen in a made-up country of 38 provinces; between the interviews of the sources (P3KE
2021-23, Regsosek autumn 2022, DTKS up to the month) children are born, people die, young people marry or move out, couples
part, families move or get a new card. Every person is listed where he or she lived on the day of that family's interview,
so somebody who moved between two visits is listed twice, as in life.

The errors are not independent. A row errs with a severity that multiplies its village's (one in twelve is careless), its
visit's (one in ten was answered by somebody else) and its own; and one row in eighty is simply written badly, in several
fields at once. ``python -m benchmarks.foreign_month --help`` writes a month.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import NormalDist
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks import foreign_sheet
from dtsen_pipeline.config import check_month
from dtsen_pipeline.contracts import load
from dtsen_pipeline.errors import InputError

Array = npt.NDArray[Any]
_YEAR = 365.25
_FEWEST, _MOST = 200, 5_000_000
_FIRST_MONTH = "2024-01"
# What the severities below multiply to on average, so that a share in this file is the share that comes out.
_MEAN_SEVERITY = 1.6


def _day(text: str) -> int:
    return int(np.datetime64(text, "D").astype(np.int64))


# ---------------------------------------------------------------------------------------------------------------- words
# Lists are ordered by how common a name is: the draw is Zipf-like over them.

_POOLS: dict[str, tuple[str, str]] = {
    "islam": (
        "ABDULLAH ISMAIL IBRAHIM YUSUF HASAN HUSEIN UMAR ALI RAHMAT RAHMAN HIDAYAT SYAMSUDDIN ZAINAL ARIFIN MUSTAFA "
        "SALEH IDRIS "
        "MAHMUD USMAN HAMZAH JAMALUDDIN BAHARUDDIN NURDIN AMIRUDDIN SULAIMAN YAKUB IMAM FAUZI RIDWAN HAKIM LATIF "
        "KARIM RAHIM MALIK "
        "JALIL WAHAB AZIZ GHOFUR HADI FIRMAN SYAIFUL HAMDAN LUKMAN ISKANDAR ANWAR FAISAL FADLI RIZAL ZULKIFLI "
        "SYAHRUL TAUFIK HAFIZ "
        "ILHAM IQBAL IKHSAN MUKHTAR MUNIR NASIR SALIM SAMSUL SOFYAN THAHIR YAHYA ZAKARIA ZUBAIR BURHANUDDIN FAHMI "
        "HARIS KHAIRUL",
        "AMINAH FATIMAH AISYAH KHADIJAH ZAINAB MARYAM HALIMAH ROHANI SALMAH NURHAYATI NURJANAH RUKIYAH ROHIMAH "
        "MAIMUNAH SAADAH "
        "JAMILAH HASANAH HAMIDAH ROSIDAH SAKINAH ZUBAIDAH ROMLAH ASIAH NURLAILA LAILA KHOTIMAH MUSLIMAH AISAH "
        "MARDIAH SYAMSIAH "
        "NURAINI SALAMAH SOLEHAH SARIFAH ZULAIKHA SUHARTI FARIDA HAYATI LATIFAH MASITOH MUNAWAROH NAFISAH QOMARIAH "
        "RAUDAH SUAIBAH "
        "UMMI WAHIDAH YULIANA ZAHRA FITRIAH HAFSAH HINDUN ISTIQOMAH JUWAIRIYAH KHAIRUNNISA LUTFIAH MAHMUDAH NADIA "
        "NURUL RAHMAWATI",
    ),
    "kristen": (
        "YOHANES PETRUS PAULUS MARKUS LUKAS YOSEF STEFANUS DANIEL SAMUEL MARTINUS YAKOBUS THOMAS SIMON FRANSISKUS "
        "ANTONIUS MATIUS "
        "ANDREAS FILIPUS DAVID ELIAS BENYAMIN MIKAEL GABRIEL RAFAEL AGUSTINUS IGNASIUS KORNELIS HENDRIK WILLEM "
        "FERDINAND YULIUS "
        "ROBERTUS ALOYSIUS DOMINIKUS BERNADUS KRISTIAN OBED MELKIAS NIKOLAUS YERMIAS AGUS ADRIANUS BARNABAS "
        "EDUARDUS GERARDUS JEFRI",
        "MARIA MARTA ELISABET YULIANA AGNES ANASTASIA KATARINA THERESIA MAGDALENA ESTER RUT SARA DEBORA YOHANA "
        "KRISTINA REGINA "
        "VERONIKA BERNADETA PAULINA MONIKA LUSIA MARGARETA ROSALINA YOSEFINA FRANSISKA ADELINA ELEN NOVITA DORKAS "
        "ORPA FEBRIANA "
        "YUNITA AGUSTINA BLANDINA EMILIANA FLORENSIA HENDRINA IMELDA JENI KLARA MERIANA NAOMI OKTOVINA PETRONELA "
        "SELVIANA WELMINA",
    ),
    "muda": (
        "RIZKY AZKA ARKA RAFA DAFFA FARREL KENZO ALVARO GIBRAN ZIDAN RAIHAN NAUFAL FAKHRI ARSYA REYHAN ATHALLAH "
        "BIMA GALANG RAKA "
        "FATHAN KEVIN RENDRA SATRIA DIMAS ALIF FARHAN AKBAR HAIKAL RANGGA ABIZAR NIZAM ZAYN ELVANO KEANU BRYAN VINO "
        "DANISH EL "
        "ADITYA PUTRA PRATAMA RAMADHAN SAPUTRA MAULANA ALFARIZI NUGRAHA PERMANA WIJAYA AL-FATIH ARDIANSYAH "
        "SYAHPUTRA FEBRIAN",
        "AULIA NAYLA KEISHA ZAHRA AISYAH SALSABILA NADIRA QUEENA ALYA SHAKILA FELISHA NAURA KHANZA AZZAHRA CITRA "
        "INTAN BUNGA "
        "CANTIKA ANINDYA RANIA ARSYILA HANUM MIKAYLA CALLISTA NABILA SYIFA TIARA AMELIA DINDA KIRANA ADELIA VANIA "
        "RISKA MELATI "
        "PUTRI RAMADHANI LESTARI MAHARANI ANGGRAINI OKTAVIA SAFITRI PERMATASARI AYU KHAIRANI FEBRIANTI NURFADILAH "
        "APRILIA JULIANTI",
    ),
}


@dataclass(frozen=True)
class _Culture:
    """How a people names: ``pool`` with its share of first words, shares of one/two/three words of the old and the young."""

    pool: str
    share: float
    old: tuple[float, float, float]
    young: tuple[float, float, float]
    men: str
    women: str
    men_second: str
    women_second: str
    prefix_men: str = "MUHAMMAD AHMAD ABDUL MUHAMMAD NUR"
    prefix_women: str = "SITI NUR SITI DEWI SRI"
    prefix_share: float = 0.18
    clan: str = ""
    clan_share: float = 0.0


_CULTURES: dict[str, _Culture] = {
    "jawa": _Culture(
        "islam", 0.28, (0.50, 0.42, 0.08), (0.10, 0.50, 0.40),
        "SLAMET SUPARNO SUTRISNO SUGENG PARNO TUKIMIN SUYANTO SUPRIYADI MULYONO WAGIMAN PAIMIN BAMBANG AGUS JOKO "
        "HERI EKO BUDI "
        "SUWARNO SUKARNO SUPARDI SARJONO TRIYONO WAHYU DWI TRI SUNARTO KASIMAN NGATIMAN PONIMIN SUKIRMAN SUROSO "
        "HARTONO GUNAWAN "
        "WIDODO SURYANTO TEGUH WIYONO YATNO PARJO KARNO GIMAN LEGIMAN RUSDI ANDRI DEDI ARI DIDIK HARI INDRA SIGIT "
        "TOPO RUDI YUDI",
        "SRI SITI SUTINI SUMIATI SUPARTI TUMINI PAINI WAGIYEM LASMI SUYATI KARTINI PONIYEM SUHARTINI SULASTRI "
        "ENDANG DWI ENI RINI "
        "WARSINI SUMARNI SUNARTI PARTINI NGATINI MURNI WIWIK YULI TRI LILIK KASMI TUKIYEM DARMI RUBIYEM SAMINEM "
        "SUKINAH SUPRIHATIN "
        "TITIK RATNA DEWI NING YANTI INDAH WAHYUNI ASTUTI KRISTIN ANIK MUJIATI SUGIARTI GIYEM MARSINI RATMI SARINI "
        "WATINI ARIYANTI",
        "SANTOSO WIBOWO SETIAWAN PRASETYO NUGROHO SUSANTO PURNOMO HARIYANTO KURNIAWAN SAPUTRA RAHARJO UTOMO CAHYONO "
        "SUSILO HANDOYO "
        "HARTANTO PRABOWO WICAKSONO ATMOJO HADI SUCIPTO WIDIANTO PRAYITNO KUSUMO MARTONO SASONGKO BASUKI YULIANTO "
        "IRAWAN",
        "WATI NINGSIH RAHAYU LESTARI ASTUTI WAHYUNI HANDAYANI SETYOWATI UTAMI PUSPITASARI HARTATI YULIANTI "
        "WULANDARI KUSUMAWATI "
        "WIJAYANTI SUSILOWATI PURWANTI MULYANI INDRAYANI SUSANTI ROHMAH HASTUTI PERTIWI ANGGRAENI MARYATI RETNOWATI",
    ),
    "sunda": _Culture(
        "islam", 0.34, (0.42, 0.50, 0.08), (0.08, 0.50, 0.42),
        "ASEP DADANG UJANG CECEP DEDE ENTIS OMAN ENGKOS AGUS IYAN YAYAN TATANG ENDANG UDIN JAJANG KOKO ADE MAMAN "
        "ACENG NANA DIDIN "
        "WAWAN ODING ATENG DARSO KARNA SUHERMAN IWAN UCUP ENCEP HERMAN OPIK SARIP DARMA ADANG ELAN TOTO AEP AJAT "
        "EMAN OJO OTONG",
        "NENENG EUIS CUCU IIS TATI ELIS IMAS ENUNG AAN YETI NYAI ROHAETI ENTIN LILIS NANI ONENG TITIN ATIKAH ODAH "
        "KOKOM IDA AI "
        "EEM EHA DEDEH KARTIKA UUN WIDA YOYOH NUNUNG ECIN IKAH OOM TETI ENENG SUMINAR RATIH MIMIN ANIH ENOK TINI",
        "SUHERMAN HIDAYAT SUPRIATNA GUNAWAN KUSNADI PERMANA SUTISNA HERMAWAN MULYANA SURYANA NUGRAHA RUHIYAT "
        "SOLIHIN KURNIA SUDRAJAT "
        "FIRMANSYAH SETIAWAN RUSTANDI WIJAYA SUNARYA KOMARUDIN ROHMAT SAEPUDIN",
        "ROHAENI SUMIATI NURAENI MULYATI SURYANI KARTINI JUBAEDAH ROSITA KOMALASARI RATNASARI MARLINA SUHAETI "
        "YULIANTI FATONAH "
        "KURNIASIH NURJANAH SUKAESIH LESTARI PERTIWI ROSMIATI HERAWATI",
    ),
    "madura": _Culture(
        "islam", 0.55, (0.62, 0.34, 0.04), (0.20, 0.55, 0.25),
        "MOHAMAD MISNADI SAHRI MATRAWI BUNAWI SUNARI DURAHEM MATSURI SAMSURI NAWI BUSAR JUMALI MARSUKI RASIDI TOHA "
        "SADIN HOSEN "
        "MORAKSI SANIMAN SULI MISTARI BUHARI",
        "MARIYAH HOSNIYAH SUNIYA MISNATI SAHRIYA MURAHMA BUSIYA NURIYA SATIMA HATIMA JUMAATI RUKMIYATI SUMRIYA "
        "MISNAYA SITTI HALIMA "
        "SAMIYA TOYYIBAH RASUNA MARWIYAH",
        "EFENDI HARIYANTO HOLIL ROFIK SAFII MUNIR BAHRI FAUSI WAHYUDI TOYYIB",
        "NINGSIH HASANAH ROHMAH QOMARIYAH WATI JANNAH FITRIYAH HOTIMAH",
    ),
    "betawi": _Culture(
        "islam", 0.6, (0.45, 0.47, 0.08), (0.08, 0.5, 0.42),
        "ROJALI MAMAT SARMAN NAMIN MADI JUHRI ROMLI SANUSI MUHIDIN NASRULLAH NIMAN SAAN DULOH MARDANI BOIM JAENUDIN "
        "TARMIZI SABENI",
        "ROMLAH SAODAH MURSANAH NURYATI MASNAH ROHAYA AMSIAH SAMAH MUNAH ROGAYAH SAPNAH HOTIJAH NAIMAH MARIYAM "
        "ENJUM SALBIAH",
        "HIDAYATULLAH SAPUTRA RAMDANI SYAHRONI FADILAH MAULANA JUNAEDI",
        "NURHASANAH AMALIA KOMARIAH FITRIANI YANI ROSDIANA SARI",
    ),
    "minang": _Culture(
        "islam", 0.42, (0.45, 0.47, 0.08), (0.05, 0.55, 0.40),
        "SYAFRIL ERIZAL YUSRIZAL ZULFAHMI DESRIZAL AFRIZAL BUSTAMI SYAHRIAL NASRUL ASRIL JASRIL YULIZAR HENDRI "
        "RIDWAN DONI ROBI "
        "EDISON BAHTIAR AMRIZAL RAFLES FIRDAUS MASRI MARWAN ZAINUDDIN SYAMSIR JHON RONI VEBI FEBRI",
        "YUSNIDAR ERNAWATI DESMAWATI NURHAYATI ELFIANA ASNIDAR ROSNIDAR YARNIS MARTINIS NURBAITI YULINAR FITRIDA "
        "GUSNIDAR ZURAIDA "
        "MISRAWATI RAHMI NOVERA WELMI SUSI RESI DESI LUSI NURSIDA EMI ROSMANIAR DARNIS SYAMSINAR",
        "CHANIAGO PILIANG KOTO SIKUMBANG TANJUNG PUTRA EFENDI JAMAL SAPUTRA RIANDI FERNANDO",
        "SARI PUTRI ANGGRAINI SUSANTI YANI HANDAYANI GUSTINA RAMADHANI AFRIANI",
    ),
    "melayu": _Culture(
        "islam", 0.62, (0.40, 0.50, 0.10), (0.06, 0.50, 0.44),
        "AWANG BUJANG JUMADI MASKUR HERMANSYAH SAHRUL NAZARUDDIN SYARIFUDDIN ABDURRAHMAN RUSLI SUHAIMI TARMIZI "
        "BASRI DARMAWAN "
        "HASBULLAH JUNAIDI KAMARUDDIN MASDAR NORDIN SAPARUDIN ARDIANSYAH FERI ANDI SUPIAN MASRANI RAMLI ARBAIN "
        "GAZALI",
        "DAYANG NORHAYATI RUSMINI MASNIAH NORMA RABIAH SYARIFAH HERLINA MASTURA NURSIAH ERNI JURIAH SABARIAH "
        "SURIATI NORLAILA "
        "RUSDIANA MAHDALENA MISNAH FATMAWATI HERNI YUSTINA MARIANI ARBAYAH NORJANAH HAMSIAH KARTINI RUSNAH",
        "HIDAYAT SAPUTRA RAHMADI SYAHRANI KURNIAWAN EFFENDI IRAWAN HASIBI ALAMSYAH",
        "WATI YANTI SARI SAFITRI HANDAYANI LESTARI NOVIANTI ARIANI RAHMAH",
    ),
    "aceh": _Culture(
        "islam", 0.72, (0.35, 0.55, 0.10), (0.05, 0.55, 0.40),
        "TEUKU MUKTARUDDIN SAIFUDDIN MURDANI MAHDI HELMI BUKHARI ZULFIKAR RAZALI NURDIN TARMIZI FAKHRURRAZI MARZUKI "
        "AIYUB HASBI "
        "SYAHRIZAL MUSLEM AZHARI JUFRI ZAINUDDIN",
        "CUT NURMALA ROSMANIDAR ERLINA SAKDIAH NURSYIDAH MARLINA RATNAWATI MUTIA SURYANI ERNIDA RADHIAH ZURAIDAH "
        "NURAKLA YUSRA "
        "MAULIDAR MARIANA SYARBAINI",
        "YUNUS SYAH ISHAK DAUD FAJRI SAPUTRA MAULANA ABDURRAHMAN",
        "NURDIN RAHMI ZAHARA HUSNA SAFRINA YANI MAULIDA HAYATI",
    ),
    "batak": _Culture(
        "kristen", 0.45, (0.55, 0.40, 0.05), (0.10, 0.60, 0.30),
        "TOGAR SAHAT PARLINDUNGAN TIGOR MANGATAS HOTMAN BINSAR RAMLAN SAUT JONGGI MARUDUT PARULIAN TUMPAK POLTAK "
        "SABAM HASUDUNGAN "
        "JUNIARTO BONAR DARWIN RUDI ROBINSON EDWARD JHONSON MONANG LAMHOT BILMAR HOLONG",
        "ROSLINA TIURMA HOTMAIDA RUMONDANG NURMALA LAMTIUR ROMAULI TIORLINA DEWI SONDANG ROTUA MASTIUR RISMA LASTRI "
        "DUMARIA NURCAHAYA "
        "HERLINA MELINDA RENTI BERLIANA SORTA DAME LENNY JUNITA PURNAMA LERISTA",
        "HALOMOAN MARTUA HAMONANGAN PANDAPOTAN PRANATA SAPUTRA TULUS DOLI",
        "MARIA YANTI NATALIA OKTAVIANI MARLINA ULI LASMARIA ROHANI",
        prefix_share=0.02,
        clan="SIREGAR HARAHAP NASUTION SITUMORANG SIMANJUNTAK SINAGA LUBIS HUTAPEA SITORUS PANJAITAN MANURUNG "
        "GINTING TARIGAN SEMBIRING "
        "SIHOMBING NAINGGOLAN HUTAGALUNG SIAHAAN PURBA SARAGIH DAMANIK NAPITUPULU TAMPUBOLON SITOMPUL PASARIBU "
        "SILALAHI BUTARBUTAR "
        "RITONGA DAULAY HUTABARAT ARITONANG MARPAUNG SIMATUPANG SILABAN BARUS KARO-KARO",
        clan_share=0.93,
    ),
    "bugis": _Culture(
        "islam", 0.5, (0.55, 0.38, 0.07), (0.10, 0.50, 0.40),
        "ANDI BASO AMBO LA DAENG MUSTAMIN SYAMSUL BAHAR BEDDU TAJUDDIN NASRUDDIN SUPARMAN HAERUDDIN ASRI RUSTAM "
        "JUMARDIN SANUDDIN "
        "KAHAR MAPPA TAHIR LAHAMUDDIN RAMLAN SUKARDI ARIFUDDIN JAMAL AMIR KASMAN UCOK HARYANTO",
        "ANDI BESSE I INDO SITTI HASNAH NURHAEDA ROSMINI SURIANI HASNIAR MARWAH JUMRIATI DARMAWATI NURBAYA "
        "KASMAWATI SUHARNI HJ "
        "RAMLAH SENIWATI JUMIATI SANTI NURLINA IRMAWATI HARTINA MULIATI HASMAWATI ROSDIANA SYAMSIDAR",
        "SAPUTRA RAHMAN HAMID TAHIR PRATAMA SYARIF MUIN PARENRENGI KADIR",
        "RAHMAN WATI RAMADHANI SARI HAMID YUNUS JAFAR PUTRI ASTUTI",
    ),
    "bali": _Culture(
        "islam", 0.0, (0.10, 0.75, 0.15), (0.02, 0.48, 0.50),
        "WAYAN MADE NYOMAN KETUT PUTU KADEK KOMANG GEDE", "WAYAN MADE NYOMAN KETUT PUTU KADEK KOMANG LUH",
        "SUDARMA SUARDANA ARTAWAN SUTAMA WIRAWAN SUKERTA ASTAWA BUDIASA SUDIARTA MERTA SUPARTA SUWITRA RAI DANA "
        "ADNYANA WIDNYANA "
        "SUDANA ARDANA SUECA PASEK KARYA SUARTA ADI PUTRA JAYA PARWATA ARIANA",
        "SUKERTI WARTINI SUDIANI SUARTINI ARIANI SUCI RASMINI ASIH MURNIASIH LESTARI WIDIANI SRIASIH DEWI "
        "PUSPAYANTI KARTINI "
        "SURYANI ARMINI SUWITRI PARWATI ADNYANI RAI NURANI",
        prefix_men="I IDA", prefix_women="NI IDA", prefix_share=0.72,
    ),
    "sasak": _Culture(
        "islam", 0.5, (0.62, 0.33, 0.05), (0.12, 0.52, 0.36),
        "LALU AMAQ SAHNUN MUNAWIR SAPARWADI RUSLAN JUMENAH MAHRUN SAHDAN MUSTIADI KAMARUDIN INAQ SUKARDI MURAH AMRI "
        "HAERIL SABRI",
        "BAIQ INAQ SAKMAH RUKIAH SAHNEP NURIMAH MARNI SERIATUN HURIYAH RAEHAN SUMIATI INAH MARIAM HAERANI RATNAWATI "
        "NURSAN MURNIATI",
        "HADI SAPUTRA HAKIM JAYADI WIRAWAN AZHARI", "HANDAYANI HAERIAH WATI APRIANI KUSUMA LESTARI",
    ),
    "ntt": _Culture(
        "kristen", 0.82, (0.40, 0.52, 0.08), (0.12, 0.60, 0.28),
        "BELE ANDRÉ LAMBERTUS SEBASTIANUS KANISIUS HIRONIMUS VINSENSIUS WILHELMUS DONATUS URBANUS KLEMENS GASPAR RONALDUS",
        "BELANDINA NOÉMI KORNELIA SISILIA URSULA SKOLASTIKA GAUDENSIA AFLIANA DELFIANA YASINTA MELANIA HILARIA RENATA",
        "MARIO ALFRED YANUARIUS OKTAVIANUS JUNIOR FEBRIANUS ARMANDO",
        "NONA INA YANTI SELFIANA NOVIANA WULAN ANJELINA", prefix_share=0.0,
        clan="NAHAK SERAN TEFA BANI LIU KLAU BRIA MANEK TAEK BERE TNUNAY NOMLENI LOPO BAUN SABUNA DJAMI RIWU LEKI "
        "NENO FALLO BENU "
        "LAKA WULA BILI NGONGO BALA KII TANGGU LEDE KALEKA HOAR MAU LAY KOLO NAIBAHO",
        clan_share=0.72,
    ),
    "maluku": _Culture(
        "kristen", 0.55, (0.45, 0.48, 0.07), (0.10, 0.58, 0.32),
        "JOPY FRETS ISAK HERMANUS LA RIDWAN ABUBAKAR JACOB MESAK RICHARD SALMON ZETH HABIB BUCE NOKE SEFNAT",
        "WA HALIMA SALOMINA BERTHA ANTOMINA NURSITA YACOMINA FERDINANDA DESSY JUBAEDA SAFIA HELENA NORCE LEONORA",
        "LEONARD ALFREDO YANI RIVALDO FERDI", "MARIA YANTI HELENA SINTIA NATALIA", prefix_share=0.05,
        clan="TUASIKAL LATUCONSINA PATTIASINA LATUHERU TUHUMURY SALAMPESSY MANUPUTTY PATTY LEWAHERILLA RUMAKEWI "
        "SOUISA TUANAKOTTA "
        "UWURATUW PELUPESSY MAHULETTE RENWARIN KELIOBAS TOMAGOLA UMASUGI SANGADJI",
        clan_share=0.78,
    ),
    "manado": _Culture(
        "kristen", 0.5, (0.35, 0.55, 0.10), (0.05, 0.60, 0.35),
        "JANTJE FERRY NOLDY DENNY STENLY MEIDY RIVO JOHNY HENGKY FRANKY ALFRETS DEITJE RONNY VECKY BOYKE WELLEM",
        "DEITJE MEITY SELVIE NOVA JEANE OLVIE SYANE FEMMY LINDA GRETTY JULIEN VONNY MEISKE STELLA ANEKE TRULY",
        "CHRISTIAN ALEXANDER JUNIOR REINALDO CLIFF", "CHRISTINA NATASHA GLORIA ANGGRENI FEBRIOLA", prefix_share=0.02,
        clan="WENAS MAMUAJA LUMENTUT TUMBEL KAUNANG PANGEMANAN RUMENGAN SUMENDAP WOWOR MANDAGI PONTOH MOKODOMPIT "
        "LENGKONG SUPIT KALALO "
        "MANOPPO TUMEWU RORING",
        clan_share=0.85,
    ),
    "dayak": _Culture(
        "kristen", 0.4, (0.50, 0.42, 0.08), (0.10, 0.55, 0.35),
        "UJANG ACENG LIBAT NGAU LENCAU BUDIN ASONG APUI LINGGI DUMAN JALUNG IMANG UGANG RANYING SUSILO TINGANG",
        "SINTA LIDIA NORI BUNGAN PAYA MINA URAI DITE LUNGUN KRISTINA ANYEQ HUVAT MARNIATI ATI YESI",
        "KALVIN LEO APRIANTO SAPUTRA", "YUNI LESTARI NATALIA PUTRI", prefix_share=0.02,
    ),
    "papua": _Culture(
        "kristen", 0.8, (0.55, 0.40, 0.05), (0.25, 0.60, 0.15),
        "YANCE DEMIANUS LES NATALIS YULIANUS TERIANUS WENAS OKTOVIANUS PENIAS ISHAK ELI NIUS TITUS AMOS YUNUS LEWI",
        "YOSINA TERINA ALPINA DORLINCE MIRIAM YUBELINA WELINA ORINCE LIPINA NELI YOKBET MINCE ENDIRA TABITA",
        "YANTO MELKI ALFONS", "YANTI MARICE NOVI", prefix_share=0.0,
        clan="WENDA KOGOYA TABUNI YIKWA RUMBIAK KAMBU MORIN KARMA WANDIK TELENGGEN MURIB KOBAK YOMAN KAYAME TEBAI "
        "MOTE PIGAI GOBAI DOGOPIA "
        "MANDACAN WAKERKWA ASSO WETIPO HALUK HESEGEM RUMAROPEN MSEN SAWAKI",
        clan_share=0.86,
    ),
}  # fmt: skip

# Kemendagri code, name, share of the population, and who lives there.
_PROVINCES: tuple[tuple[int, str, float, str], ...] = (
    (11, "ACEH", 2.0, "aceh:9 melayu:1"), (12, "SUMATERA UTARA", 5.4, "batak:6 melayu:2 jawa:2"),
    (13, "SUMATERA BARAT", 2.0, "minang:9 batak:1"), (14, "RIAU", 2.4, "melayu:5 minang:2 jawa:2 batak:1"),
    (15, "JAMBI", 1.3, "melayu:7 jawa:3"), (16, "SUMATERA SELATAN", 3.1, "melayu:7 jawa:3"), (17, "BENGKULU", 0.8,
    "melayu:7 jawa:3"),
    (18, "LAMPUNG", 3.3, "jawa:6 melayu:3 sunda:1"), (19, "KEPULAUAN BANGKA BELITUNG", 0.5, "melayu:9 jawa:1"),
    (21, "KEPULAUAN RIAU", 0.8, "melayu:5 jawa:3 batak:2"), (31, "DKI JAKARTA", 3.9,
    "betawi:4 jawa:4 sunda:1 batak:1"),
    (32, "JAWA BARAT", 17.8, "sunda:8 jawa:1 betawi:1"), (33, "JAWA TENGAH", 13.5, "jawa:1"), (34,
    "DI YOGYAKARTA", 1.4, "jawa:1"),
    (35, "JAWA TIMUR", 15.0, "jawa:8 madura:2"), (36, "BANTEN", 4.4, "sunda:6 betawi:2 jawa:2"), (51, "BALI", 1.6,
    "bali:9 jawa:1"),
    (52, "NUSA TENGGARA BARAT", 2.0, "sasak:9 bali:1"), (53, "NUSA TENGGARA TIMUR", 2.0, "ntt:1"),
    (61, "KALIMANTAN BARAT", 2.0, "dayak:4 melayu:5 madura:1"), (62, "KALIMANTAN TENGAH", 1.0, "dayak:5 melayu:5"),
    (63, "KALIMANTAN SELATAN", 1.5, "melayu:9 jawa:1"), (64, "KALIMANTAN TIMUR", 1.4,
    "melayu:4 bugis:3 jawa:2 dayak:1"),
    (65, "KALIMANTAN UTARA", 0.3, "bugis:4 dayak:3 melayu:3"), (71, "SULAWESI UTARA", 1.0, "manado:9 bugis:1"),
    (72, "SULAWESI TENGAH", 1.1, "bugis:6 manado:3 jawa:1"), (73, "SULAWESI SELATAN", 3.3, "bugis:1"),
    (74, "SULAWESI TENGGARA", 1.0, "bugis:9 maluku:1"), (75, "GORONTALO", 0.4, "bugis:6 manado:4"), (76,
    "SULAWESI BARAT", 0.5, "bugis:1"),
    (81, "MALUKU", 0.7, "maluku:9 bugis:1"), (82, "MALUKU UTARA", 0.5, "maluku:8 bugis:2"), (91, "PAPUA", 0.4,
    "papua:7 bugis:2 maluku:1"),
    (92, "PAPUA BARAT", 0.2, "papua:7 bugis:3"), (93, "PAPUA SELATAN", 0.2, "papua:8 jawa:2"), (94,
    "PAPUA TENGAH", 0.5, "papua:1"),
    (95, "PAPUA PEGUNUNGAN", 0.5, "papua:1"), (96, "PAPUA BARAT DAYA", 0.2, "papua:7 maluku:2 bugis:1"),
)  # fmt: skip
_BPS_PROVINCE = {91: 94, 92: 91, 93: 95, 94: 96, 95: 97, 96: 92}

_PLACE_HEAD = (
    "SUKA KARANG TANJUNG MUARA SUMBER SIDO BANJAR KEDUNG LUBUK GUNUNG CI PADANG BATU REJO WONO PULAU RANTAU KALI KOTA TELUK "
    "MEKAR LABUHAN WATU SIMPANG TAMBAK PANDAN UJUNG BUKIT KAMPUNG PASIR"
)
_PLACE_TAIL = (
    "MAJU SARI JAYA REJO MULYO BARU AGUNG ASRI INDAH LAWAS DADI HARJO MAKMUR RAYA TENGAH LOR KIDUL SETIA TANI KENCANA BARAT "
    "TIMUR ANYAR SENTOSA WANGI DATAR PUTIH HITAM PANJANG DALAM"
)
_STREETS = (
    "MERDEKA;SUDIRMAN;DIPONEGORO;PAHLAWAN;MAWAR;MELATI;ANGGREK;KENANGA;FLAMBOYAN;CEMPAKA;PASAR;MASJID RAYA;GEREJA;PELITA;"
    "VETERAN;AHMAD YANI;GATOT SUBROTO;KARTINI;IMAM BONJOL;TEUKU UMAR;HASANUDDIN;PATTIMURA;SAWAH LEGA;KEBUN JERUK;STASIUN;"
    "PELABUHAN;POROS DESA;TRANS;LINTAS TIMUR;KOLAM;GARUDA;RAJAWALI;NANGKA;RAMBUTAN;MANGGA DUA;SEMERU;MERAPI;KELUD;SETIABUDI"
)

# Pairs for two boys, two girls, and a brother with his sister.
_TWIN_NAMES = (
    "HASAN HUSEN HASAN HUSEIN FAUZAN FAUZIN FADIL FADLI RIZAL RIZQI RIDHO RIDHA ILHAM IRHAM RAFA RAFI ALIF ALFI DANI DONI "
    "ANDI ANDRI HENDRA HENDRI YUDA YUDI BAGAS BAGUS ARYA ARYO RANDI RENDI FARHAN FARHAT AGUNG AGENG DIMAS DIMAR IKHSAN IKHWAN "
    "NAUFAL NAUFIL SULTAN SULTHON SABIL SABILI YUSRAN YUSRIN",
    "RAHMA RAHMI RINA RINI DINA DINI LINA LINI NINA NINI RANI RINI YANI YANTI SALMA SALWA NADIA NADYA NAURA NAYRA AULIA AULINA "
    "FITRA FITRI ZAHRA ZAHIRA AISYA AISYAH SINTA SANTI LILI LULU MIRA MIRNA DEWI DEVI RATNA RATNI NISA NISWA HANA HANI "
    "SARAH SARIH KHALISA KHALIFA TIARA TIARI WULAN WULANI",
    "PUTRA PUTRI INDRA INDRI RIZKI RIZKA HENDRA HENDRI ADI ADA DEWA DEWI FITRAH FITRIH RAHMAN RAHMAH HASAN HASANAH RIAN RIANA "
    "RAIHAN RAIHANA ARIF ARIFA FARHAN FARHANA YUSRI YUSRA FAUZI FAUZIAH NUGRA NUGRI RAMADHAN RAMADHANI",
)

_ABBREVIATED = {
    "MUHAMMAD": ("M.", "MUH.", "MOH.", "MOCH.", "MHD", "MUHAMAD", "MOHAMMAD", "MOHAMAD", "M"), "MOHAMAD": ("MOH",
    "M.", "MUHAMMAD", "MOCH"),
    "AHMAD": ("ACHMAD", "AHMAT", "A.", "AKHMAD"), "ABDUL": ("ABD.", "ABD", "ABDOEL", "A."), "SITI": ("ST.", "ST",
    "SITTI", "S."),
    "NUR": ("NOER", "NOR", "N."), "SRI": ("SRIE", "S."), "DEWI": ("DWI", "D."), "YUSUF": ("JUSUF", "YOESOEF",
    "YUSUP"),
    "ABDULLAH": ("ABD. LAH", "ABDULAH"), "ABDURRAHMAN": ("ABD. RAHMAN", "ABD RAHMAN", "ABDUL RAHMAN"),
    "MARIA": ("MA.", "M."),
    "FRANSISKUS": ("FRANS", "FRANSISKUS X"), "YOHANES": ("YOHANIS", "YOH."), "WAYAN": ("WYN", "WY."),
    "KETUT": ("KT.", "KTT"),
    "MADE": ("MD.", "MD"), "NYOMAN": ("NYM", "NYM."), "ANDI": ("A.",), "DAENG": ("DG.", "DG"), "TEUKU": ("T.", "TGK"),
    "SYAMSUDDIN": ("SAMSUDIN", "SYAMSUDIN"), "LALU": ("L.",), "BAIQ": ("BQ.", "BQ"), "AGUS": ("AG.",),
    "RADEN": ("R.",), "ADE": ("AD",),
}  # fmt: skip
_SHORTENABLE = tuple(_ABBREVIATED)
# Substitutions of the ear and of the colonial spelling, applied to the first place where they fit.
_SOUNDS = (
    ("SY", "S"), ("KH", "H"), ("DZ", "Z"), ("Z", "J"), ("F", "P"), ("V", "F"), ("DD", "D"), ("NN", "N"), ("LL", "L"),
    ("TH", "T"),
    ("Q", "K"), ("IY", "I"), ("AI", "AE"), ("O", "U"), ("AU", "AO"), ("AH", "A"), ("Y", "I"), ("E", "I"), ("TI",
    "TIE"), ("D", "T"),
    ("AN", "AAN"), ("H", ""), ("U", "O"), ("I", "Y"), ("S", "SS"), ("N", "NG"),
)  # fmt: skip
_OLD_SPELLING = (("DJ", "DJ"), ("SY", "SJ"), ("KH", "CH"), ("U", "OE"), ("C", "TJ"), ("J", "DJ"), ("Y", "J"))


def _sounds(word: str, which: int) -> str:
    fitting = [(a, b) for a, b in _SOUNDS if a in word[1:] or (a in word and len(a) > 1)]
    if len(word) < 4 or not fitting:
        return word
    a, b = fitting[which % len(fitting)]
    at = word.find(a, 1) if a in word[1:] else 0
    return word[:at] + b + word[at + len(a) :]


def _rhymes(word: str) -> tuple[str, str, str, str]:
    ends, middle = (
        {"I": "A", "A": "I", "U": "A", "O": "I", "E": "A"},
        {"A": "U", "U": "A", "I": "E", "E": "I", "O": "A"},
    )
    vowels = [i for i, letter in enumerate(word) if letter in ends]
    if len(word) < 3 or not vowels:
        return word, word, word, word
    turned = word[: vowels[-1]] + ends[word[vowels[-1]]] + word[vowels[-1] + 1 :]
    twice = turned if len(vowels) < 2 else turned[: vowels[-2]] + middle[word[vowels[-2]]] + turned[vowels[-2] + 1 :]
    begins = {"R": "D", "D": "R", "S": "T", "M": "N", "N": "M", "H": "F", "Y": "L", "L": "Y", "F": "H"}
    begun = begins.get(word[0], word[0]) + word[1:] if word[1] in ends else turned
    return turned, begun, twice, turned + "N" if word[-1] in ends else twice


def _old_spelling(word: str) -> str:
    done, rest = "", word
    while rest:
        a, b = next(((a, b) for a, b in _OLD_SPELLING if rest.startswith(a)), (rest[0], rest[0]))
        done, rest = done + b, rest[len(a) :]
    return done


@dataclass(frozen=True)
class _Words:
    """Every word a name may hold, and by word number its other spellings (the same word where it has none).

    ``short`` [words, 9], ``sounds`` [words, 3], ``old``, ``initial`` (with a dot), ``letter``, ``alike`` (the next word of
    the same list by the alphabet), ``rhymes`` [words, 4] (a twin's: other ends and other beginnings, one to three letters);
    ``number`` finds a word's number.
    """

    text: pa.Array
    number: dict[str, int]
    short: Array
    sounds: Array
    old: Array
    initial: Array
    letter: Array
    alike: Array
    rhymes: Array


@cache
def _words() -> _Words:
    lists = [part for pool in _POOLS.values() for part in pool]
    lists += _TWIN_NAMES
    for culture in _CULTURES.values():
        lists += [culture.men, culture.women, culture.men_second, culture.women_second, culture.clan]
        lists += [culture.prefix_men, culture.prefix_women]
    base = sorted({word for part in lists for word in part.split()})
    number = {word: i for i, word in enumerate(base)}

    def of(word: str) -> int:
        return number.setdefault(word, len(number))

    rhymes = {w: _rhymes(w) for w in base}
    for other in sorted({r for found in rhymes.values() for r in found} - set(base)):
        base.append(other)
        rhymes[other] = (other,) * 4
        of(other)

    short = [[of(s) for s in (_ABBREVIATED.get(w, (w,)) * 9)[:9]] for w in base]
    sounds = [[of(_sounds(w, k)) for k in (0, 2, 5)] for w in base]
    old = [of(_old_spelling(w)) for w in base]
    initial = [of(w[0] + ".") for w in base]
    letter = [of(w[0]) for w in base]
    alike = list(range(len(base)))
    for part in lists:
        ordered = sorted(set(part.split()))
        for a, b in pairwise(ordered):
            alike[number[a]] = number[b]
    return _Words(
        pa.array(list(number)),
        number,
        *(np.array(x, dtype=np.int32) for x in (short, sounds, old, initial, letter, alike)),
        np.array([[of(r) for r in rhymes[w]] for w in base], dtype=np.int32),
    )


def _numbers(words: str) -> Array:
    number = _words().number
    return np.array([number[w] for w in words.split()], dtype=np.int32)


def _zipf(rng: np.random.Generator, items: Array, size: int) -> Array:
    weight = 1.0 / (np.arange(len(items)) + 3.0) ** 0.95
    return items[
        np.searchsorted(np.cumsum(weight) / weight.sum(), rng.random(size), side="right").clip(0, len(items) - 1)
    ]


# --------------------------------------------------------------------------------------------------------------- places
@dataclass(frozen=True)
class _Places:
    """Villages by number: codes as integers, numbers of kecamatan and kabupaten, share of the people, how well off they are.

    ``old_kemendagri``/``old_bps`` is the code before the split of the regency in 2022, 0 where there was none. ``names`` holds
    the villages' names, then those of kecamatan and of kabupaten (``kec_name``, ``kab_name`` are numbers into it).
    """

    kemendagri: Array
    bps: Array
    old_kemendagri: Array
    old_bps: Array
    kec: Array
    kab: Array
    province: Array
    weight: Array
    prosperity: Array
    kec_name: Array
    kab_name: Array
    names: pa.Array
    wilayah: pa.Table


_SPLIT_DAY = _day("2022-07-01")


def _places(rng: np.random.Generator, persons: int) -> _Places:
    area: list[tuple[int, str, str, str, str, str | None, str | None]] = []
    villages: list[tuple[Any, ...]] = []
    heads, tails = _PLACE_HEAD.split(), _PLACE_TAIL.split()
    names = (
        f"{heads[i % len(heads)]} {tails[i // len(heads)]}" for i in rng.integers(0, len(heads) * len(tails), 20_000)
    )
    kec_names: list[str] = []
    kab_names: list[str] = []
    for p, (code, province, share, _) in enumerate(_PROVINCES):
        bps_province = _BPS_PROVINCE.get(code, code)
        area.append((1, str(code), str(bps_province), province, "2010-01-01", None, None))
        regencies = round(3 + share / 1.6)
        # BPS and Kemendagri number the regencies of some provinces differently from some regency on
        shifted_from = int(rng.integers(1, regencies + 1)) if rng.random() < 0.6 else 99
        for r in range(1, regencies + 1):
            town = r == regencies and regencies > 3
            kab = code * 100 + (71 if town else r)
            bps_kab = bps_province * 100 + (71 if town else r + (r >= shifted_from))
            bps_neighbour = bps_province * 100 + r - 1 + (r - 1 >= shifted_from)
            kab_names.append(next(names))
            area.append(
                (2, str(kab), str(bps_kab), ("KOTA " if town else "") + kab_names[-1], "2010-01-01", None, None)
            )
            # a regency that grew out of its neighbour in 2022 has villages whose codes changed
            grew = not town and r > 1 and rng.random() < 0.06
            for k in range(1, int(rng.integers(3, 7)) + 1):
                kec, bps_kec = kab * 100 + k, bps_kab * 1000 + k * 10
                kec_names.append(next(names))
                begin = "2022-07-01" if grew else "2010-01-01"
                old_kec = (kab - 1) * 100 + k + 20 if grew else 0
                old_bps_kec = bps_neighbour * 1000 + (k + 20) * 10 if grew else 0
                if grew:
                    area.append(
                        (3, str(old_kec), str(old_bps_kec), kec_names[-1], "2010-01-01", "2022-06-30", str(kec))
                    )
                area.append((3, str(kec), str(bps_kec), kec_names[-1], begin, None, None))
                for v in range(1, int(rng.integers(4, 9)) + 1):
                    tail = (1000 if town else 2000) + v
                    new, bps = kec * 10_000 + tail, bps_kec * 1000 + v
                    old, old_bps = (old_kec * 10_000 + tail, old_bps_kec * 1000 + v) if grew else (0, 0)
                    name = next(names)
                    if grew:
                        area.append((4, str(old), str(old_bps), name, "2010-01-01", "2022-06-30", str(new)))
                    area.append((4, str(new), str(bps), name, begin, None, None))
                    settled = share / regencies * float(rng.lognormal(0, 0.9)) * (2 if town else 1)
                    villages.append((new, bps, old, old_bps, len(kec_names) - 1, len(kab_names) - 1, p, settled, name))
    columns = list(zip(*villages, strict=True))
    weight = np.array(columns[7])
    province_of = np.array(columns[6], dtype=np.int64)
    # a small country lives in fewer villages, or nobody would have a neighbour; but in every province
    heaviest = np.lexsort((-weight, province_of))[np.searchsorted(np.sort(province_of), np.arange(len(_PROVINCES)))]
    lived_in = rng.random(len(weight)) < max(40, persons / 120) / len(weight)
    lived_in[heaviest] = True
    weight = np.where(lived_in, weight, 0)
    share_of = np.array([share for _, _, share, _ in _PROVINCES]) / np.bincount(province_of, weight)
    weight *= share_of[province_of]
    weight[np.argsort(weight)[-4:]] = weight.sum() * np.array([0.02, 0.03, 0.05, 0.08])
    header = load()["referensi"].tables["wilayah"].columns
    kemendagri, bps_code, old_kemendagri, old_bps_code, kec_of, kab_of = (
        np.array(column, dtype=np.int64) for column in columns[:6]
    )
    n = len(villages)
    return _Places(
        kemendagri=kemendagri,
        bps=bps_code,
        old_kemendagri=old_kemendagri,
        old_bps=old_bps_code,
        kec=kec_of,
        kab=kab_of,
        province=province_of,
        weight=weight / weight.sum(),
        prosperity=rng.normal(0, 0.4, len(_PROVINCES))[province_of],
        kec_name=n + kec_of,
        kab_name=n + len(kec_names) + kab_of,
        names=pa.array([*columns[8], *kec_names, *kab_names]),
        wilayah=pa.table({name: pa.array(c) for name, c in zip(header, zip(*area, strict=True), strict=True)}),
    )


# --------------------------------------------------------------------------------------------------------------- people
@dataclass
class _Families:
    """By family number: village and card before and after a day (days since 1970), the family it shares a house with.

    ``husband`` is a man who heads this card as his second, -1 for none. He lives in the family of his first card
    (``_People.family``) and is true there; the lists of the second card have him all the same.
    """

    village: Array
    village_later: Array
    moved: Array
    card: Array
    card_later: Array
    new_card: Array
    host: Array
    welfare: Array
    husband: Array


@dataclass
class _People:
    """By person number. Until day ``left`` in ``family`` as ``role``, from then in ``family_later`` as ``role_later``.

    ``born``, ``died``, ``left`` are days since 1970. Roles: 0 head, 1 spouse, 2 child, 3 parent, 4 other. ``names`` [n, 4] are
    word numbers, -1 where there is none; ``mother`` is a person whose name is the mother's, -1 for nobody; ``birth`` is the
    person who was born first at one birth, which twins share.
    """

    family: Array
    role: Array
    born: Array
    male: Array
    family_later: Array
    role_later: Array
    left: Array
    died: Array
    culture: Array
    names: Array
    mother: Array
    nik: Array
    nik_second: Array
    birth_village: Array
    birth_place: Array
    schooling: Array
    birth: Array


# Of births, those of twins; of these, those of one egg and those with names that were made to match.
_TWINS, _ONE_EGG, _NAMED_ALIKE = 1 / 80, 1 / 3, 0.6
# Of husbands, those who head a second card with another wife.
_TWO_CARDS = 0.008
_START = _day("2021-07-01")


def _first_of_group(group: Array) -> Array:
    """For a sorted array, the position where each element's group begins."""
    n = len(group)
    begins = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    return np.repeat(begins, np.diff(np.r_[begins, n]))


def _running_number(key: Array) -> Array:
    """0, 1, 2 ... within equal keys, in the order of the array."""
    order = np.argsort(key, kind="stable")
    number = np.empty(len(key), dtype=np.int64)
    number[order] = np.arange(len(key)) - _first_of_group(key[order])
    return number


def _ymd(day: Array) -> tuple[Array, Array, Array]:
    date = day.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    y = date.astype("datetime64[Y]").astype(np.int64) + 1970
    return y, month.astype(np.int64) % 12 + 1, (date - month).astype(np.int64) + 1


def _numbered(area6: Array, day: Array, add: Array, rng: np.random.Generator) -> Array:
    """NIK or card numbers: 6 area, DDMMYY (day plus ``add``), a small serial that is unique within both."""
    y, m, d = _ymd(day)
    head = area6 * 1_000_000 + (d + add) * 10_000 + m * 100 + y % 100
    return head * 10_000 + 1 + (_running_number(head) * 5 + rng.integers(0, 5, len(head))) % 9999


def _nearby(rng: np.random.Generator, places: _Places, village: Array, far: float) -> Array:
    """Another village: of the same regency, or with the share ``far`` of any other."""
    anywhere = rng.choice(len(places.weight), len(village), p=places.weight)
    lived_in = np.flatnonzero(places.weight > 0)
    at = np.searchsorted(lived_in, village).clip(0, len(lived_in) - 1)
    beside = lived_in[(at + rng.integers(-6, 7, len(village))).clip(0, len(lived_in) - 1)]
    same = (rng.random(len(village)) >= far) & (places.kab[beside] == places.kab[village])
    return np.where(same, beside, anywhere)


def _population(
    rng: np.random.Generator, persons: int, places: _Places, today: int, twins: float
) -> tuple[_People, _Families]:
    n_family = persons // 2 + 40
    years = 21 + rng.gamma(3.0, 9.0, n_family)
    age = np.where(years > 90, rng.uniform(25, 70, n_family), years)
    head_male = rng.random(n_family) < np.where(age > 60, 0.72, 0.88)
    spouse = (rng.random(n_family) < np.where(head_male, 0.90, 0.12)) & (
        rng.random(n_family) < np.where(age > 65, 0.75, 0.95)
    )
    lonely = ~spouse & (rng.random(n_family) < 0.5)
    mean = np.where(age < 48, ((age - 19) / 9).clip(0, 2.3), (2.3 - (age - 48) * 0.07).clip(0.3, None))
    counts = np.stack(
        [
            np.ones(n_family, dtype=np.int64),
            spouse.astype(np.int64),
            np.where(lonely, 0, rng.poisson(mean)),
            np.where((age < 62) & ~lonely & (rng.random(n_family) < 0.08), rng.integers(1, 3, n_family), 0),
            np.where(~lonely & (rng.random(n_family) < 0.10), rng.integers(1, 4, n_family), 0),
        ],
        axis=1,
    )
    slots = np.repeat(np.arange(n_family * 5), counts.ravel())
    # a birth may bring two, and as rarely again three
    luck = rng.random(len(slots))
    brought = 1 + (slots % 5 == 2) * ((luck < twins).astype(np.int64) + (luck < twins * twins))
    of_birth = np.repeat(np.arange(len(slots)), brought)
    slots = slots[of_birth]
    family, role = slots // 5, slots % 5
    order = _running_number(slots)
    head_born = today - (age * _YEAR).astype(np.int64)
    spouse_born = head_born + np.where(head_male, 1, -1) * (rng.normal(2.5, 3.5, n_family) * _YEAR).astype(np.int64)
    mother_born = np.where(head_male, np.where(spouse, spouse_born, head_born + 1000), head_born)
    n = len(slots)
    twin = _running_number(of_birth) > 0
    gap = np.where(order == 0, 18 + rng.gamma(2.2, 2.4, n), 1.1 + rng.gamma(2.0, 1.5, n)) * (role == 2) * ~twin
    total = np.cumsum(gap)
    first = _first_of_group(slots)
    since = (total - total[first] + gap[first]) * _YEAR
    born = np.select(
        [role == 0, role == 1, role == 2, role == 3],
        [
            head_born[family],
            spouse_born[family],
            mother_born[family] + since.astype(np.int64),
            head_born[family] - (rng.uniform(18, 33, n) * _YEAR).astype(np.int64),
        ],
        today
        - (
            np.where((age[family] > 50) & (rng.random(n) < 0.6), rng.uniform(0, 14, n), rng.uniform(3, 75, n)) * _YEAR
        ).astype(np.int64),
    )
    grown = (role == 2) & (today - born > 27 * _YEAR)
    keep = (
        (born <= today)
        & ~((role == 2) & (since > 47 * _YEAR))
        & ~(grown & (rng.random(n) < 0.6))
        & (today - born < 100 * _YEAR)
    )
    # some of the places are kept for the children of the couples that marry in between
    base = np.flatnonzero(keep)[: int(persons * 0.985)]
    family, role, born, of_birth = family[base], role[base], born[base], of_birth[base]
    n, n_family = len(base), int(family[-1]) + 1
    birth = _first_of_group(of_birth)
    head = _first_of_group(family)
    male = rng.random(n) < 0.51
    male = np.where(role == 0, head_male[family], np.where(role == 1, ~head_male[family], male))
    male = np.where(_of_one_egg(rng, birth), male[birth], male)
    # registers know nobody's hour of birth but heap the old on the days a clerk would write
    y, _, _ = _ymd(born)
    heaped = rng.random(n) < np.where(today - born > 55 * _YEAR, 0.10, 0.025)
    clerk = ((y - 1970).astype("datetime64[Y]").astype("datetime64[D]")).astype(np.int64) + rng.choice([0, 181, 364], n)
    born = np.where(heaped & (clerk <= today), clerk, born)[birth]

    village = rng.choice(len(places.weight), n_family, p=places.weight)
    moved = np.where(rng.random(n_family) < 0.09, rng.integers(_START, today, n_family), today + 9999)
    village_later = np.where(moved <= today, _nearby(rng, places, village, 0.35), village)
    welfare = 0.9 * rng.normal(0, 1, n_family) + places.prosperity[village]

    # young people marry or move out; couples part
    young = (role == 2) & (today - born > 19 * _YEAR) & (today - born < 40 * _YEAR)
    go = (young & (rng.random(n) < 0.32)) | ((role == 1) & (rng.random(n) < 0.012))
    day = np.maximum(rng.integers(_START, today, n), born + int(18 * _YEAR)).clip(None, today - 1)
    left = np.where(go, day, today + 9999)
    family_later, role_later = family.copy(), role.copy()
    marry = np.flatnonzero(go & (role == 2) & (rng.random(n) < 0.65))
    near = places.kec[village[family[marry]]] + rng.normal(0, 1.5, len(marry))
    marry = marry[np.argsort(near, kind="stable")]
    grooms, brides = marry[male[marry]], marry[~male[marry]]
    pairs = min(len(grooms), len(brides))
    grooms, brides = grooms[:pairs], brides[:pairs]
    apart = family[grooms] != family[brides]
    grooms, brides = grooms[apart], brides[apart]
    couples = len(grooms)
    left[brides] = left[grooms] = np.maximum(left[grooms], left[brides])
    alone = np.setdiff1d(np.flatnonzero(go), np.r_[grooms, brides])
    family_later[grooms] = family_later[brides] = n_family + np.arange(couples)
    family_later[alone] = n_family + couples + np.arange(len(alone))
    role_later[grooms], role_later[brides], role_later[alone] = 0, 1, 0
    founders = np.r_[grooms, alone]
    with_his = rng.random(len(founders)) < 0.5
    with_hers = ~with_his & (np.arange(len(founders)) < couples) & (rng.random(len(founders)) < 0.5)
    host = np.where(with_his, family[founders], -1)
    at_home = np.where(with_hers, family[np.r_[brides, alone]], family[founders])
    host = np.where(with_hers, at_home, host)
    new_village = village_later[at_home]
    new_village = np.where(host >= 0, new_village, _nearby(rng, places, new_village, 0.4))
    all_village = np.r_[village, new_village]
    all_later = np.r_[village_later, new_village]
    founded = left[founders]
    changed = np.where(rng.random(n_family) < 0.06, rng.integers(_START, today, n_family), today + 9999)
    issued = np.r_[rng.integers(_day("2005-01-01"), _START, n_family), founded]
    reissued = np.r_[np.minimum(moved, changed), np.full(len(founders), today + 9999)]
    kec6 = places.kemendagri // 10_000
    cards = _numbered(
        np.r_[kec6[all_village], kec6[all_later]],
        np.r_[issued, reissued.clip(None, today)],
        np.zeros(2 * len(issued), dtype=np.int64),
        rng,
    )
    # nobody runs to the clerk: who founds a family is on the parents' card for a while
    card, card_later = cards[: len(issued)], cards[len(issued) :]
    new_card = np.r_[reissued[:n_family], founded] + rng.integers(0, 500, len(issued))
    card_later[n_family:] = card[n_family:]
    card[n_family:] = card[at_home]
    families = _Families(
        all_village,
        all_later,
        np.r_[moved, np.full(len(founders), today + 9999)],
        card,
        card_later,
        new_card,
        np.r_[np.full(n_family, -1), host],
        np.r_[welfare, 0.6 * welfare[at_home] + 0.8 * rng.normal(0, 1, len(founders))],
        np.r_[_second_husbands(rng, family, role, born, male, head, places.kab[village]), np.full(len(founders), -1)],
    )

    babies = persons - n if couples else 0
    at = rng.integers(0, max(couples, 1), babies)
    baby_born = founded[at] + 200 + rng.integers(0, 900, babies) if babies else np.zeros(0, dtype=np.int64)
    baby_born = np.where(baby_born > today, rng.integers(founded[at], today + 1), baby_born)
    with_elder = (rng.random(babies) < twins / (1 + twins)) & (np.arange(babies) > 0)
    elder = np.maximum.accumulate(np.where(with_elder, 0, np.arange(babies))) if babies else at
    at, baby_born = at[elder], baby_born[elder]
    birth = np.r_[birth, n + elder]
    baby_family = n_family + at
    culture_of = _cultures(rng, places, all_village)
    family = np.r_[family, baby_family]
    role = np.r_[role, np.full(babies, 2)]
    born, male = np.r_[born, baby_born], np.r_[male, rng.random(babies) < 0.51]
    n = len(family)
    male = np.where(_of_one_egg(rng, birth) & (np.arange(n) >= n - babies), male[birth], male)
    left = np.r_[left, np.full(babies, today + 9999)]
    years = (today - born) / _YEAR
    died = np.where(rng.random(n) < np.where(years > 60, 0.09, 0.008), rng.integers(_START, today, n), today + 9999)
    culture = np.where((role == 1) & (rng.random(n) < 0.12), rng.permutation(culture_of[family]), culture_of[family])
    parents = _parents(np.r_[head, grooms[at]], family, role, male, brides[at], n - babies)
    names = _names(rng, culture, male, born, role, family, birth, parents, today)
    father_village = all_village[family]
    birth_village = np.where(
        rng.random(n) < np.where(role == 2, 0.90, 0.62), father_village, _nearby(rng, places, father_village, 0.5)
    )[birth]
    level = rng.random(n)[birth]
    birth_place = np.where(
        level < 0.6,
        places.kab_name[birth_village],
        np.where(level < 0.8, places.kec_name[birth_village], birth_village),
    )
    area = np.where(rng.random(n) < 0.75, birth_village, father_village)[birth]
    old_area = (places.old_kemendagri[area] > 0) & (born < _SPLIT_DAY)
    area6 = np.where(old_area, places.old_kemendagri[area], places.kemendagri[area]) // 10_000
    # a clerk's birth date that is not the one the family knows
    off = rng.random(n) < np.where(years > 50, 0.05, 0.015)
    registered = np.where(off, born + rng.choice([-365, 365, -730, 31, -9, 9, 90], n), born)[birth]
    female40 = np.where(male, 0, 40)
    nik = _numbered(np.r_[area6, rng.permutation(area6)], np.r_[registered, born], np.r_[female40, female40], rng)
    nik[:n] = _beside_the_elder(rng, nik[:n], birth)
    schooling = _schooling(rng, years, families.welfare[family])
    people = _People(
        family,
        role,
        born,
        male,
        np.r_[family_later, baby_family],
        np.r_[role_later, np.full(babies, 2)],
        left,
        died,
        culture,
        names,
        _mothers(rng, parents[:, 1], culture, male, years),
        nik[:n],
        nik[n:],
        birth_village,
        birth_place,
        schooling,
        birth,
    )
    return people, families


def _second_husbands(
    rng: np.random.Generator, family: Array, role: Array, born: Array, male: Array, head: Array, kab: Array
) -> Array:
    """By family of a mother without a spouse: a married man of the regency with a second card there, -1 for none.

    Of the husbands, ``_TWO_CARDS``; of the mothers, those whose age goes with his.
    """
    n = int(family[-1]) + 1
    first = np.flatnonzero(head == np.arange(len(head)))
    coupled, mothers = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    coupled[family[role == 1]] = True
    mothers[family[role == 2]] = True
    husbands = np.flatnonzero(coupled & male[first])
    husbands = rng.permutation(husbands)[: 3 * round(_TWO_CARDS * len(husbands))]
    mothers = rng.permutation(np.flatnonzero(mothers & ~coupled & ~male[first]))
    # by regency, then by birth: neighbours in this order are matched where their ages go together
    both = np.r_[husbands, mothers]
    order = both[np.lexsort((born[first[both]], kab[both]))]
    he = np.isin(order, husbands)
    near = np.flatnonzero(he[:-1] & ~he[1:] & (kab[order[:-1]] == kab[order[1:]]))
    near = near[(born[first[order[near + 1]]] - born[first[order[near]]]) < 20 * _YEAR]
    near = near[: round(_TWO_CARDS * int((coupled & male[first]).sum()))]
    found = np.full(n, -1)
    found[order[near + 1]] = first[order[near]]
    return found


def _of_one_egg(rng: np.random.Generator, birth: Array) -> Array:
    """Of the second- and third-born of a birth, those who are identical: one sex for certain, while others' is open."""
    return (birth != np.arange(len(birth))) & (rng.random(len(birth)) < _ONE_EGG)


def _beside_the_elder(rng: np.random.Generator, nik: Array, birth: Array) -> Array:
    """Most twins were registered on one day, one after the other: the next serial, where that number is nobody's."""
    younger = np.flatnonzero((birth != np.arange(len(nik))) & (rng.random(len(nik)) < 0.7))
    wanted = nik[birth[younger]] + younger - birth[younger]
    free = (wanted // 10_000 == nik[younger] // 10_000) & ~np.isin(wanted, nik, kind="sort")
    found = nik.copy()
    found[younger[free]] = wanted[free]
    return found


def _cultures(rng: np.random.Generator, places: _Places, village: Array) -> Array:
    names = list(_CULTURES)
    share = np.zeros((len(_PROVINCES), len(names)))
    for p, (_, _, _, mixture) in enumerate(_PROVINCES):
        for part in mixture.split():
            name, parts = part.split(":")
            share[p, names.index(name)] = float(parts)
    reach = np.cumsum(share / share.sum(axis=1, keepdims=True), axis=1)
    return (rng.random(len(village))[:, None] > reach[places.province[village]]).sum(axis=1).clip(0, len(names) - 1)


def _parents(head: Array, family: Array, role: Array, male: Array, brides: Array, base: int) -> Array:
    """[n, 2] father and mother by person number, -1 where not of this family; from ``base`` on the babies of new couples."""
    n = len(family)
    beside = (head + 1).clip(0, n - 1)
    partner = np.where((role[beside] == 1) & (family[beside] == family), beside, -1)
    partner[base:] = brides
    child = role == 2
    father = np.where(child, np.where(male[head], head, partner), -1)
    mother = np.where(child, np.where(male[head], partner, head), -1)
    return np.stack([father, mother], axis=1)


def _mothers(rng: np.random.Generator, mother: Array, culture: Array, male: Array, years: Array) -> Array:
    """Whose mother is not in the family has one that is in none: her name is borrowed from an older woman of the culture."""
    women = np.flatnonzero(~male & (years > 35))
    women = women[np.argsort(culture[women], kind="stable")]
    begin = np.searchsorted(culture[women], culture, side="left")
    count = np.searchsorted(culture[women], culture, side="right") - begin
    pick = women[(begin + (rng.random(len(culture)) * count).astype(np.int64)).clip(0, len(women) - 1)]
    return np.where(mother >= 0, mother, np.where(count > 0, pick, -1))


def _schooling(rng: np.random.Generator, years: Array, welfare: Array) -> Array:
    """Highest certificate 0 none, 1 SD, 2 SMP, 3 SMA, 4 diploma, 5 degree, 6 higher: more for the young and the better off."""
    z = rng.normal(0, 1, len(years)) * 0.8 + welfare * 0.5 - ((years - 30).clip(0) / 40)
    reached = np.searchsorted([-1.2, -0.5, 0.0, 1.15, 1.4, 2.6], z, side="right")
    possible = np.searchsorted([12.5, 15.5, 18.5, 21.5, 23.0, 27.0], years, side="right")
    return np.minimum(reached, possible)


def _names(
    rng: np.random.Generator,
    culture: Array,
    male: Array,
    born: Array,
    role: Array,
    family: Array,
    birth: Array,
    parents: Array,
    today: int,
) -> Array:
    """[n, 4] word numbers, left-packed: prefix, first, second, and a clan, the father's word or a third word."""
    n = len(culture)
    young = (born > _day("1996-01-01")) & (rng.random(n) < 0.75)
    w = np.full((n, 4), -1, dtype=np.int32)
    clan = np.full(n, -1, dtype=np.int32)
    for c, rule in enumerate(_CULTURES.values()):
        for sex in (True, False):
            who = np.flatnonzero((culture == c) & (male == sex))
            k = len(who)
            if not k:
                continue
            own = _numbers(rule.men if sex else rule.women)
            second = _numbers(rule.men_second if sex else rule.women_second)
            pool = _numbers(_POOLS[rule.pool][0 if sex else 1])
            modern = _numbers(_POOLS["muda"][0 if sex else 1])
            u = rng.random(k)
            first = np.where(u < rule.share, _zipf(rng, pool, k), _zipf(rng, own, k))
            first = np.where(
                young[who] & (rng.random(k) < (0.1 if "WAYAN" in rule.men else 0.55)), _zipf(rng, modern, k), first
            )
            more = np.where(rng.random(k) < 0.7, _zipf(rng, second, k), _zipf(rng, pool, k))
            more = np.where(young[who] & (rng.random(k) < 0.5), _zipf(rng, modern, k), more)
            third = np.where(young[who], _zipf(rng, modern, k), _zipf(rng, second, k))
            reach = np.where(young[who][:, None], np.cumsum(rule.young)[None, :], np.cumsum(rule.old)[None, :])
            words = 1 + (rng.random(k)[:, None] > reach[:, :2]).sum(axis=1)
            prefix = _zipf(rng, _numbers(rule.prefix_men if sex else rule.prefix_women), k)
            w[who, 0] = np.where(rng.random(k) < rule.prefix_share * np.where(young[who], 1.4, 1.0), prefix, -1)
            w[who, 1] = first
            w[who, 2] = np.where(words >= 2, more, -1)
            w[who, 3] = np.where(words >= 3, third, -1)
            if rule.clan:
                clan[who] = np.where(rng.random(k) < rule.clan_share, _zipf(rng, _numbers(rule.clan), k), -1)
    before = (np.arange(n) - 1).clip(0)
    sibling = (role == 2) & (role[before] == 2) & (family[before] == family) & (male[before] == male)
    alike = sibling & (rng.random(n) < 0.07)
    words = _words()
    w[alike, 1] = words.alike[w[before[alike], 1]]
    shared = sibling & (rng.random(n) < 0.12)
    w[shared, 2:] = w[before[shared], 2:]
    father = parents[:, 0]
    has_father = father >= 0
    his = np.where(w[father, 2] >= 0, w[father, 2], w[father, 1])
    takes = has_father & (clan[father] < 0) & (rng.random(n) < 0.15)
    w[takes, 3] = his[takes]
    clan = np.where(has_father, clan[father], clan)
    w[:, 3] = np.where(clan >= 0, clan, w[:, 3])
    w = _matched(rng, w, male, birth)
    for column in (1, 2, 3):  # nobody is called SARI SARI
        w[:, column] = np.where((w[:, column] == w[:, column - 1]) & (w[:, column] >= 0), -1, w[:, column])
    w = _packed(w)
    # nor are two of one birth called alike to the letter
    younger = np.flatnonzero(birth != np.arange(n))
    elder, beside = birth[younger], younger - 1
    for kind in range(words.rhymes.shape[1]):
        same = (w[younger] == w[elder]).all(axis=1)
        same |= (birth[beside] == elder) & (w[younger] == w[beside]).all(axis=1)
        w[younger[same], 0] = words.rhymes[w[elder[same], 0], kind]
    return w


def _matched(rng: np.random.Generator, w: Array, male: Array, birth: Array) -> Array:
    """``w`` with the names of twins made to match: a pair of words that rhyme, as first words or as last, all else the same.

    Half of the pairs come from the parents' lists, the others are the elder's word and its rhyme. Brother and sister get a pair of
    that kind. A third child rhymes with the first.
    """
    words, w, n = _words(), w.copy(), len(w)
    younger = np.flatnonzero((birth != np.arange(n)) & (rng.random(n) < _NAMED_ALIKE)[birth])
    elder = birth[younger]
    kind = np.where(male[younger] != male[elder], 2, np.where(male[younger], 0, 1))
    column = np.where((w[elder, 2] >= 0) & (rng.random(len(elder)) < 0.25), 2, 1)
    second = np.arange(len(younger)) > 0
    second &= np.r_[False, elder[1:] == elder[:-1]] if len(elder) else second
    listed = (rng.random(n) < 0.5)[elder] & ~second
    for k, pairs in enumerate(_TWIN_NAMES):
        which = np.flatnonzero(listed & (kind == k))
        both = _numbers(pairs).reshape(-1, 2)[rng.integers(0, len(pairs.split()) // 2, len(which))]
        # brother first in the list; of two of one sex either may be the elder
        turn = male[younger[which]] if k == 2 else rng.random(len(which)) < 0.5
        both = np.where(turn[:, None], both[:, ::-1], both)
        w[elder[which], column[which]] = both[:, 0]
        w[younger[which]] = w[elder[which]]
        w[younger[which], column[which]] = both[:, 1]
    which = np.flatnonzero(~listed)
    word = w[elder[which], column[which]]
    rhyme = words.rhymes[word, rng.integers(0, words.rhymes.shape[1], len(which))]
    fits = (rhyme != word) & ~(w[elder[which]] == rhyme[:, None]).any(axis=1)
    which, rhyme = which[fits], rhyme[fits]
    w[younger[which]] = w[elder[which]]
    w[younger[which], column[which]] = rhyme
    return w


def _packed(w: Array) -> Array:
    return np.take_along_axis(w, np.argsort(w < 0, axis=1, kind="stable"), axis=1)


# -------------------------------------------------------------------------------------------------------------- housing
# Regsosek codes from the poorest to the best off, and the share that ends at each.
_LADDERS: dict[str, tuple[tuple[int, ...], tuple[float, ...]]] = {
    "kd_stat_bangunan_tinggal": ((3, 5, 1, 4, 2), (0.07, 0.08, 0.88, 0.91)),
    "kd_jenis_lantai_terluas": ((8, 7, 5, 6, 4, 3, 2, 1), (0.06, 0.09, 0.22, 0.45, 0.55, 0.57, 0.93)),
    "kd_jenis_dinding": ((4, 6, 5, 3, 2, 1), (0.06, 0.08, 0.10, 0.28, 0.32)),
    "kd_jenis_atap": ((7, 6, 3, 5, 4, 2, 1), (0.02, 0.03, 0.36, 0.38, 0.46, 0.95)),
    "kd_sumber_air_minum": ((9, 8, 6, 10, 7, 5, 4, 3, 2, 1), (0.03, 0.06, 0.10, 0.12, 0.17, 0.33, 0.58, 0.68, 0.93)),
    "kd_sumber_penerangan_utama": ((4, 3, 2, 1), (0.02, 0.04, 0.10)),
    "daya": ((1, 2, 3, 4, 5), (0.38, 0.76, 0.92, 0.97)),
    "kd_bahan_bakar_memasak": ((10, 9, 7, 0, 4, 2, 3, 1), (0.17, 0.18, 0.20, 0.22, 0.92, 0.95, 0.97)),
    "kd_fasilitas_tempat_bab": ((6, 4, 3, 2, 1), (0.06, 0.08, 0.10, 0.17)),
    "kd_jenis_kloset": ((4, 3, 2, 1), (0.06, 0.08, 0.12)),
    "kd_pembuangan_akhir_tinja": ((5, 3, 4, 6, 1, 2), (0.03, 0.07, 0.17, 0.18, 0.95)),
}
_ASSETS = {
    "kd_tabung_gas_5_5_kg": 0.10, "kd_lemari_es": 0.58, "kd_ac": 0.10, "kd_pemanas_air": 0.03,
    "kd_telepon_rumah": 0.02,
    "kd_televisi": 0.80, "kd_perhiasan_10_gr_emas": 0.14, "kd_komputer_laptop": 0.17, "kd_sepeda_motor": 0.82,
    "kd_sepeda": 0.33,
    "kd_mobil": 0.13, "kd_perahu": 0.02, "kd_kapal_perahu_motor": 0.02, "kd_smartphone": 0.85, "kd_lahan": 0.36,
    "kd_rumah_ditempat_lain": 0.07,
}  # fmt: skip
_ANIMALS = {
    "jumlah_sapi": 0.08,
    "jumlah_kerbau": 0.01,
    "jumlah_kuda": 0.005,
    "jumlah_babi": 0.03,
    "jumlah_kambing_domba": 0.07,
}


def _housing(rng: np.random.Generator, welfare: Array) -> dict[str, Array]:
    """What an interviewer sees, by Regsosek column and in its codes; each sign follows ``welfare`` (mean 0, sd 1) loosely."""
    n = len(welfare)
    normal = NormalDist()

    def sign() -> Array:
        return 0.66 * welfare + 0.75 * rng.normal(0, 1, n)

    seen: dict[str, Array] = {}
    for column, (codes, shares) in _LADDERS.items():
        seen[column] = np.array(codes)[np.searchsorted([normal.inv_cdf(s) for s in shares], sign(), side="right")]
    seen["kd_daya_terpasang"] = np.where(seen["kd_sumber_penerangan_utama"] == 1, seen.pop("daya"), -1)
    no_toilet = seen["kd_fasilitas_tempat_bab"] == 6
    seen["kd_jenis_kloset"] = np.where(no_toilet, -1, seen["kd_jenis_kloset"])
    seen["luas_lantai"] = np.exp(4.05 + 0.33 * sign()).astype(np.int64).clip(9, 600)
    for column, share in _ASSETS.items():
        seen[column] = np.where(sign() > normal.inv_cdf(1 - share), 1, 2)
    for column, share in _ANIMALS.items():
        seen[column] = np.where(rng.random(n) < share, rng.integers(1, 7, n), 0)
    poor = sign()
    seen["kd_pkh"] = np.where(poor < -1.1, 1, 2)
    seen["kd_bss_bnpt"] = np.where(poor < rng.normal(-0.8, 0.3, n), 1, 2)
    return seen


def _log_spending(rng: np.random.Generator, welfare: Array, size: Array, schooling: Array) -> Array:
    """Log rupiah a head and month; ``schooling`` is the head's."""
    signs = 0.44 * welfare - 0.10 * (size - 3) + 0.03 * (schooling - 2)
    spending: Array = 13.75 + signs + rng.normal(0, 0.36, len(welfare))
    return spending


_CERTIFICATES = np.array([23, 3, 8, 13, 18, 19, 21])


def _susenas(rng: np.random.Generator, places: _Places, households: int) -> pa.Table:
    village = rng.choice(len(places.weight), households, p=places.weight)
    welfare = 0.9 * rng.normal(0, 1, households) + places.prosperity[village]
    size = 1 + rng.poisson(2.3, households)
    head = rng.uniform(20, 82, households).astype(np.int64)
    schooling = _schooling(rng, head.astype(float), welfare)
    log_spending = _log_spending(rng, welfare, size, schooling)
    young = np.minimum(rng.binomial(size, 0.25), size - 1)
    columns: dict[str, Any] = {
        "id_ruta": pa.array([f"S{i:07d}" for i in range(households)]),
        "kode_bps_kabupaten": (places.bps[village] // 1_000_000).astype(str),
        "penimbang": rng.integers(20, 90, households),
        "jumlah_art": size,
        "pengeluaran_per_kapita": np.exp(log_spending).astype(np.int64),
        **_housing(rng, welfare),
        "umur_krt": head,
        "kd_jenis_kelamin_krt": np.where(rng.random(households) < 0.85, 1, 2),
        "kd_ijazah_krt": _CERTIFICATES[schooling],
        "kd_bekerja_krt": np.where((head < 68) & (rng.random(households) < 0.9), 1, 2),
        "jumlah_art_0_14": young,
        "jumlah_art_65": np.minimum((head >= 65) + rng.binomial(1, 0.05, households), size - young),
    }
    return pa.table(columns)


def _true_families(
    rng: np.random.Generator,
    people: _People,
    families: _Families,
    places: _Places,
    housing: dict[str, Array],
    today: int,
) -> pa.Table:
    """Every family as it is at the month's end, seen without an error, in the columns of the survey; ``id_ruta`` is the
    family's number in the truth of the persons."""
    moved = people.left <= today
    here = np.flatnonzero((people.born <= today) & (people.died > today))
    family = np.where(moved, people.family_later, people.family)[here]
    role = np.where(moved, people.role_later, people.role)[here]
    years = (today - people.born[here]) / _YEAR
    order = np.lexsort((-years, role, family))
    here, family, years = here[order], family[order], years[order]
    first = np.flatnonzero(np.r_[True, family[1:] != family[:-1]])
    number, head, age = family[first], here[first], years[first].astype(np.int64)
    size, young, old = (np.add.reduceat(flag.astype(np.int64), first) for flag in (years >= 0, years < 15, years >= 65))
    schooling = people.schooling[head]
    village = np.where(families.moved <= today, families.village_later, families.village)[number]
    columns: dict[str, Any] = {
        "id_ruta": number.astype(str),
        "kode_bps_kabupaten": (places.bps[village] // 1_000_000).astype(str),
        "penimbang": np.ones(len(number), dtype=np.int64),
        "jumlah_art": size,
        "pengeluaran_per_kapita": np.exp(_log_spending(rng, families.welfare[number], size, schooling)).astype(
            np.int64
        ),
        **{name: values[number] for name, values in housing.items()},
        "umur_krt": age.clip(10, 120),
        "kd_jenis_kelamin_krt": np.where(people.male[head], 1, 2),
        "kd_ijazah_krt": _CERTIFICATES[schooling],
        "kd_bekerja_krt": np.where((age < 68) & (rng.random(len(number)) < 0.9), 1, 2),
        "jumlah_art_0_14": young,
        "jumlah_art_65": old,
    }
    return pa.table(columns)


# -------------------------------------------------------------------------------------------------------------- listing
@dataclass
class _Listing:
    """One source's rows before anything is spelled: by row the person, the roster, the relation (1 head ... 8 other).

    ``there`` is 0 present, 1 dead, 2 moved; ``nuk`` the family's number in the household. By roster: its family, village and
    the day of the visit. Rows are sorted by roster, the head first.
    """

    person: Array
    roster: Array
    relation: Array
    there: Array
    nuk: Array
    family: Array
    village: Array
    day: Array


_COVERED = {"dtks": 0.41, "regsosek": 0.955, "p3ke": 0.73}
# Of families that have died out, those that stay on the list.
_UNREPORTED = 0.8
_OMITTED = {"dtks": 0.03, "regsosek": 0.02, "p3ke": 0.04}


def _listing(
    rng: np.random.Generator, source: str, people: _People, families: _Families, places: _Places, today: int
) -> _Listing:
    n_family, n = len(families.village), len(people.family)
    missed = rng.random(len(places.weight)) < (0.05 if source == "p3ke" else 0.004)
    if source == "dtks":
        seen_poor = families.welfare + rng.normal(0, 0.7, n_family)
        covered = seen_poor < np.quantile(seen_poor, _COVERED[source])
        day = np.where(
            rng.random(n_family) < 0.6, today - rng.integers(14, 45, n_family), today - rng.integers(45, 800, n_family)
        )
    elif source == "regsosek":
        covered = rng.random(n_family) < _COVERED[source]
        day = rng.integers(_day("2022-10-15"), _day("2022-12-01"), n_family)
    else:
        covered = rng.random(n_family) < _COVERED[source]
        waves = np.array([_day("2021-08-31"), _day("2022-06-30"), _day("2022-12-31"), _day("2023-06-30")])
        day = waves[rng.choice(4, n_family, p=[0.45, 0.2, 0.1, 0.25])] - rng.integers(0, 60, n_family)
    covered &= ~missed[families.village]
    everyone = np.arange(n)
    there = rng.random(n) >= _OMITTED[source]
    stale = rng.random(n) < (0.18 if source == "dtks" else 0.04)
    at = day[people.family]
    died = people.died <= at
    gone = people.left <= at
    # of a family that has died out nobody is left to say so
    left_over = np.bincount(people.family[(people.born <= at) & ~died & ~gone], minlength=n_family)[people.family] == 0
    stale |= left_over & died & (rng.random(n) < _UNREPORTED)
    first = covered[people.family] & there & (people.born <= at) & ((~died & ~gone) | stale) & ~(died & gone)
    at_later = day[people.family_later]
    elsewhere = covered[people.family_later] & (people.family_later != people.family)
    second = elsewhere & there & (people.left <= at_later) & (people.died > at_later)
    person = np.r_[everyone[first], everyone[second]]
    family = np.r_[people.family[first], people.family_later[second]]
    role = np.r_[people.role[first], people.role_later[second]]
    state = np.r_[np.where(died, 1, np.where(gone, 2, 0))[first], np.zeros(int(second.sum()), dtype=np.int64)]

    # the husband of two cards is on the second one's list as well, its mother then his wife
    second_card = np.flatnonzero((families.husband >= 0) & covered)
    his = families.husband[second_card]
    known = (
        (people.died[his] > day[second_card]) & (people.left[his] > day[second_card]) & (rng.random(len(his)) < 0.97)
    )
    second_card, his = second_card[known], his[known]
    role = np.where((role == 0) & np.isin(family, second_card), 1, role)
    person, family = np.r_[person, his], np.r_[family, second_card]
    role = np.r_[role, np.zeros(len(his), dtype=np.int64)]
    state = np.r_[state, np.zeros(len(his), dtype=np.int64)]

    # guests who are counted where they slept as well as at home
    village_now = np.where(families.moved <= day, families.village_later, families.village)
    by_village = np.argsort(village_now[family], kind="stable")
    guests = np.flatnonzero(rng.random(len(by_village)) < 0.004)
    hosts = by_village[(guests + rng.integers(4, 40, len(guests))).clip(0, len(by_village) - 1)]
    guests = by_village[guests]
    not_at_home = family[guests] != family[hosts]
    person = np.r_[person, person[guests[not_at_home]]]
    state = np.r_[state, state[guests[not_at_home]]]
    role = np.r_[role, np.full(int(not_at_home.sum()), 4)]
    family = np.r_[family, family[hosts[not_at_home]]]

    # whole families visited twice, and single persons entered twice: apart, or in the same roster
    roster, family_of = family.copy(), np.arange(n_family)
    twice = np.flatnonzero(rng.random(n_family) < 0.004)
    again = np.flatnonzero(np.isin(family, twice))
    number = np.full(n_family, -1)
    number[twice] = n_family + np.arange(len(twice))
    single = np.flatnonzero(rng.random(len(family)) < 0.003)
    apart = rng.random(len(single)) < 0.7
    single_roster = np.where(apart, n_family + len(twice) + np.arange(len(single)), roster[single])
    family_of = np.r_[family_of, twice, family[single]]
    roster = np.r_[roster, number[family[again]], single_roster]
    copied = np.r_[again, single]
    person, state, role = np.r_[person, person[copied]], np.r_[state, state[copied]], np.r_[role, role[copied]]

    # DTKS counts households: a young couple under the parents' roof is their roster's second family
    nuk = np.ones(len(person), dtype=np.int64)
    if source == "dtks":
        host = families.host[family_of[roster]]
        under = (
            (host >= 0)
            & covered[host.clip(0)]
            & (roster < n_family)
            & (village_now[host.clip(0)] == village_now[family_of[roster]])
        )
        under &= np.isin(host, roster)
        roster, nuk = np.where(under, host, roster), np.where(under, 2, 1)
    order = np.lexsort((people.born[person], role, state > 0, nuk, roster))
    person, roster, role, state, nuk = (a[order] for a in (person, roster, role, state, nuk))
    head = np.arange(len(roster)) == _first_of_group(roster)
    relation = np.array([8, 2, 3, 6, 8])[role]
    relation = np.where((relation == 8) & (role == 4) & (people.born[person] > today - 15 * int(_YEAR)), 5, relation)
    relation = np.where(nuk > 1, np.array([3, 4, 5, 8, 8])[role], relation)
    relation = np.where(head, 1, relation)
    used, roster = np.unique(roster, return_inverse=True)
    # rosters are numbered anew, so that a number says nothing about the same family in another source
    shuffled = rng.permutation(len(used))
    family_used = np.empty(len(used), dtype=np.int64)
    family_used[shuffled] = family_of[used]
    roster = shuffled[roster]
    order = np.argsort(roster, kind="stable")
    person, roster, relation, state, nuk = (a[order] for a in (person, roster, relation, state, nuk))
    return _Listing(person, roster, relation, state, nuk, family_used, village_now[family_used], day[family_used])


# --------------------------------------------------------------------------------------------------------------- damage
class _Hand:
    """The hand that wrote one source's rows: how badly each row is written, and who errs where."""

    def __init__(self, rng: np.random.Generator, rows: _Listing, places: _Places, damage: float) -> None:
        n = len(rows.person)
        careless = np.where(rng.random(len(places.weight)) < 0.08, 4.0, 1.0)
        proxy = np.where(rng.random(len(rows.family)) < 0.10, 2.5, 1.0)
        self.rng, self.damage = rng, damage
        self.by_roster = careless[rows.village] * proxy / 1.4
        severity = (careless[rows.village] * proxy)[rows.roster] * rng.lognormal(0, 0.5, n) / _MEAN_SEVERITY
        self.severity = severity * damage
        self.broken = rng.random(n) < (0.012 * self.severity).clip(0, 0.5)

    def errs(self, share: float, times: Array | float = 1.0) -> Array:
        """Rows that err where a row of ordinary severity does with probability ``share`` (times ``times``)."""
        n = len(self.severity)
        own = self.rng.random(n) < (share * times * self.severity).clip(0, 0.9)
        return own | (self.broken & (self.rng.random(n) < min(0.4, 12 * share)))

    def roster_errs(self, share: float) -> Array:
        return self.rng.random(len(self.by_roster)) < (share * self.by_roster * self.damage).clip(0, 0.9)

    def kinds(self, weights: dict[str, float]) -> Array:
        """A kind of error by row (positions in ``weights``), drawn for every row."""
        reach = np.cumsum(list(weights.values()))
        return np.searchsorted(reach / reach[-1], self.rng.random(len(self.severity)), side="right").clip(
            0, len(reach) - 1
        )


_TITLES_BEFORE = ("H. ", "HJ. ", "DRS. ", "IR. ", "R. ", "IBU ", "BPK ", "HJ ", "ALM. ", "ALMH. ")
_TITLES_BEHIND = (", S.PD", " S.PD", ", S.E.", " SH", " ALM", " (ALM)", ", A.MD", " S.AG", " ALMH")


def _written_names(hand: _Hand, w: Array, father: Array, male: Array, limit: Array) -> pa.Table:
    """Names as somebody wrote them: ``w`` and ``father`` [n, 4] word numbers; ``limit`` letters fit (0: all).

    Columns: the words (``rapat``: the first two run together), titles, and what a typist's finger did: ``op``/``op2``
    and where: ``u``/``u2`` (share of the length).
    """
    words, rng, n = _words(), hand.rng, len(w)
    w = w.copy()
    count = (w >= 0).sum(axis=1)
    last = (count - 1).clip(0)
    rows = np.arange(n)
    for column in range(4):
        here = w[:, column]
        safe = here.clip(0)
        there = here >= 0
        new = here
        shortenable = np.isin(here, [words.number[s] for s in _SHORTENABLE if s in words.number])
        new = np.where(shortenable & hand.errs(0.09), words.short[safe, rng.integers(0, 9, n)], new)
        new = np.where(there & hand.errs(0.022), words.sounds[safe, rng.integers(0, 3, n)], new)
        new = np.where(there & hand.errs(0.004, np.where(column < 2, 1, 0.5)), words.old[safe], new)
        tail = there & (column == last) & (column > 0)
        new = np.where(
            tail & hand.errs(0.014), np.where(rng.random(n) < 0.5, words.initial[safe], words.letter[safe]), new
        )
        new = np.where(there & (column > 0) & ~tail & hand.errs(0.006), words.initial[safe], new)
        w[:, column] = new
    several = count > 1
    only_last = several & hand.errs(0.006)
    w = np.where(only_last[:, None], np.stack([w[rows, last], *[np.full(n, -1)] * 3], axis=1), w)
    several &= ~only_last
    drop = several & hand.errs(0.022)
    at = np.where(rng.random(n) < 0.7, last, rng.integers(0, 4, n) % count.clip(1))
    w[rows[drop], at[drop]] = -1
    swap = several & ~drop & hand.errs(0.009)
    first = w[:, 0].copy()
    w[swap, 0], w[rows[swap], last[swap]] = w[rows[swap], last[swap]], first[swap]
    w = _packed(w)
    count = (w >= 0).sum(axis=1)
    his = father.clip(0)[:, 0]
    adds = (count < 4) & (father[:, 0] >= 0) & hand.errs(0.008)
    w[rows[adds], count[adds]] = his[adds]
    parts = [pc.take(words.text, pa.array(w[:, k], mask=w[:, k] < 0)) for k in range(4)]
    together = (count > 1) & hand.errs(0.011)
    before, behind = np.full(n, -1), np.full(n, -1)
    titled = hand.errs(0.014)
    before[titled] = np.where(rng.random(n) < 0.6, np.where(male, 0, 1), rng.integers(2, len(_TITLES_BEFORE), n))[
        titled
    ]
    titled = hand.errs(0.008)
    behind[titled] = rng.integers(0, len(_TITLES_BEHIND), n)[titled]
    bin_ = (father[:, 0] >= 0) & hand.errs(0.010)
    op = np.where(
        hand.errs(0.038), 1 + hand.kinds({"wrong": 4, "left out": 3, "double": 2, "turned": 2.5, "blank": 0.8}), 0
    )
    op2 = np.where((op > 0) & (hand.broken | hand.errs(0.05)), 1 + rng.integers(0, 4, n), 0)
    return pa.table(
        {
            **{f"kata{k + 1}": part for k, part in enumerate(parts)},
            "rapat": together,
            "depan": pc.take(pa.array(_TITLES_BEFORE), pa.array(before, mask=before < 0)),
            "belakang": pc.take(pa.array(_TITLES_BEHIND), pa.array(behind, mask=behind < 0)),
            "ayah": pc.take(words.text, pa.array(his, mask=~bin_)),
            "bin": np.where(male, " BIN ", " BINTI "),
            "op": op.astype(np.int8),
            "op2": op2.astype(np.int8),
            "u": rng.random(n),
            "u2": rng.random(n),
            "batas": np.where(limit > 0, limit, 99).astype(np.int32),
        }
    )


_KEYS = "QWERTYUIOPASDFGHJKLZXCVBNM"
_KEY_RIGHT = "WERTYUIOPOSDFGHJKLKXCVBNMN"
_KEY_BESIDE = "AQWERTYUIOQAZSXDCFVZXCVBGH"


def _finger(name: str, op: str, u: str) -> str:
    """SQL: ``name`` after one slip ``op`` at the share ``u`` of its length, at any letter but the last."""
    p = f"(1 + cast(floor({u} * greatest(length({name}) - 1, 0)) as integer))"
    one = f"substr({name}, {p}, 1)"
    return f"""case {op}
        when 1 then substr({name}, 1, {p} - 1) || translate({one}, '{_KEYS}', case when {u} * 1000 % 2 < 1 then '{_KEY_RIGHT}'
            else '{_KEY_BESIDE}' end) || substr({name}, {p} + 1)
        when 2 then case when length({name}) > 3 then substr({name}, 1, {p} - 1) || substr({name}, {p} + 1) else {name} end
        when 3 then substr({name}, 1, {p}) || substr({name}, {p})
        when 4 then substr({name}, 1, {p} - 1) || substr({name}, {p} + 1, 1) || {one} || substr({name}, {p} + 2)
        when 5 then substr({name}, 1, {p}) || ' ' || substr({name}, {p} + 1)
        else {name} end"""


def _spelled(con: duckdb.DuckDBPyConnection, written: pa.Table) -> pa.ChunkedArray:
    con.register("tertulis", written)
    found = con.sql(
        f"""
        with nol as (
            select
                *, concat_ws(' ', case when rapat then concat(kata1, kata2) else concat_ws(' ', kata1, kata2) end, kata3, kata4)
                as nama
            from tertulis
        ),
        satu as (select *, {_finger("nama", "op", "u")} as n1 from nol),
        dua as (select *, {_finger("n1", "op2", "u2")} as n2 from satu)
        select trim(left(concat(depan, n2, case when ayah is not null then bin || ayah end, belakang), batas)) as nama from dua
        """
    ).to_arrow_table()
    con.unregister("tertulis")
    return found.column("nama")


_NIK_KINDS = {
    "empty": 2.6, "dash": 0.5, "zeros": 0.5, "one digit": 0.35, "1234": 0.12, "area and zeros": 0.45,
    "fifteen": 0.35, "seventeen": 0.3,
    "letters": 0.35, "blanks": 0.5, "dots": 0.35, "apostrophe": 0.6, "scientific": 0.3, "point zero": 0.5,
    "last zeroed": 0.45,
    "more zeroed": 0.2, "turned": 0.8, "one off": 1.3, "two off": 0.35, "head's": 0.7, "card": 0.35,
    "neighbour's": 0.25, "date": 0.5,
}  # fmt: skip
_NIK_SQL = """case cara
    when 'empty' then '' when 'dash' then '-' when 'zeros' then '0000000000000000' when '1234' then '1234567890123456'
    when 'one digit' then repeat(cast(1 + nik % 9 as varchar), 16)
    when 'area and zeros' then left(n, 6) || '0000000000'
    when 'fifteen' then left(n, p) || substr(n, p + 2) when 'seventeen' then left(n, p) || substr(n, p)
    when 'letters' then replace(
        case when p % 3 < 2 then replace(n, '0', 'O') else n end, '1', case when p % 3 > 0 then 'I' else '1' end
    )
    when 'blanks' then left(n, 6) || ' ' || substr(n, 7, 6) || ' ' || right(n, 4)
    when 'dots' then left(n, 2) || '.' || substr(n, 3, 2) || '.' || substr(n, 5, 2) || '.' || substr(n, 7, 6) || '.' || right(n, 4)
    when 'apostrophe' then '''' || n when 'scientific' then left(n, 1) || '.' || substr(n, 2, 5) || 'E+15'
    when 'point zero' then n || '.0' when 'last zeroed' then left(n, 15) || '0' when 'more zeroed' then left(n, 13) || '000'
    else n end"""


def _written_nik(
    con: duckdb.DuckDBPyConnection, hand: _Hand, rows: _Listing, people: _People, card: Array, born: Array
) -> pa.ChunkedArray:
    """The NIK column as delivered; ``card`` and ``born`` are what stands beside it in the row."""
    rng, n = hand.rng, len(rows.person)
    own = people.nik[rows.person]
    second = (rng.random(len(people.nik)) < 0.008 * min(hand.damage, 3))[rows.person] & (rng.random(n) < 0.5)
    own = np.where(second, people.nik_second[rows.person], own)
    names = list(_NIK_KINDS)
    kind = hand.kinds(_NIK_KINDS)
    head = _first_of_group(rows.roster)
    beside = (np.arange(n) + 1).clip(0, n - 1)
    beside = np.where(rows.roster[beside] == rows.roster, beside, head)
    small = people.born[rows.person] > rows.day[rows.roster] - int(4 * _YEAR)
    errs = hand.errs(0.092)
    # the card was not shown at this door, so nobody of the house has a number; and small children have none yet
    unseen = hand.roster_errs(0.018)[rows.roster] | (small & hand.errs(0.08))
    power = 10 ** rng.integers(0, 15, n)
    low, high = own // power % 10, own // (power * 10) % 10
    turned = own + (low - high) * power * 10 + (high - low) * power
    place = 10 ** np.where(rng.random(n) < 0.55, rng.integers(0, 4, n), rng.integers(0, 16, n))
    digit = own // place % 10
    one_off = own + ((digit + rng.integers(1, 10, n)) % 10 - digit) * place
    one_off = np.where(one_off < 10**15, own + 1, one_off)
    place = 10 ** rng.integers(0, 10, n)
    digit = one_off // place % 10
    two_off = one_off + ((digit + rng.integers(1, 10, n)) % 10 - digit) * place
    y, m, d = _ymd(born)
    as_written = (
        own // 10**10 * 10**6 + (d + np.where(people.male[rows.person], 0, 40)) * 10**4 + m * 100 + y % 100
    ) * 10**4 + own % 10**4
    number = own
    for name, value in (
        ("turned", turned),
        ("one off", one_off),
        ("two off", two_off),
        ("head's", own[head]),
        ("card", card),
        ("neighbour's", own[beside]),
        ("date", as_written),
    ):
        number = np.where(errs & (kind == names.index(name)) & (value > 0), value, number)
    way = np.where(unseen, names.index("empty"), np.where(errs, kind, len(names)))
    con.register(
        "nomor",
        pa.table(
            {"nik": number, "p": rng.integers(7, 15, n), "cara": pc.take(pa.array([*names, "good"]), pa.array(way))}
        ),
    )
    found = con.sql(
        f"select nullif({_NIK_SQL}, '') as nik from (select *, cast(nik as varchar) as n from nomor)"
    ).to_arrow_table()
    con.unregister("nomor")
    return found.column("nik")


# What a form, a spreadsheet or a program puts where no date was entered, by how often; and a day that one office types instead.
NO_DATE = ("1900-01-01", "0", "1899-12-30", "0000-00-00", "1970-01-01", "00/00/0000", "1980-01-01")
_NO_DATE_MIX = {
    "dtks": (0.003, (0.15, 0.15, 0.15, 0.15, 0.05, 0.15, 0.20)),
    "regsosek": (0.002, (0.10, 0.0, 0.0, 0.30, 0.10, 0.0, 0.50)),
    "p3ke": (0.004, (0.25, 0.15, 0.35, 0.0, 0.15, 0.0, 0.10)),
}
_DATE_KINDS = {
    "day and month": 1.3, "heap": 2.0, "heap and year": 0.9, "year": 1.5, "decade": 0.35, "digits": 0.25, "day": 1.0,
    "month": 0.5,
    "year only": 0.7, "missing": 1.0,
}  # fmt: skip


def _written_dates(hand: _Hand, born: Array, today: int) -> tuple[Array, Array]:
    """Birth dates as written: day since 1970, and 0 in full, 1 year only, 2 missing."""
    rng, n = hand.rng, len(born)
    y, m, d = _ymd(born)
    kind = hand.kinds(_DATE_KINDS)
    names = list(_DATE_KINDS)
    errs = hand.errs(0.062, np.where(today - born > 55 * _YEAR, 2.0, 0.85))
    of = {name: errs & (kind == i) for i, name in enumerate(names)}
    turn = of["day and month"] & (d <= 12) & (d != m)
    m, d = np.where(turn, d, m), np.where(turn, m, d)
    heap = of["heap"] | of["heap and year"] | (of["day and month"] & ~turn)
    where = rng.choice(3, n, p=[0.62, 0.23, 0.15])
    m, d = np.where(heap, np.array([1, 12, 7])[where], m), np.where(heap, np.array([1, 31, 1])[where], d)
    y = y + np.where(of["heap and year"], rng.choice([-5, -3, -2, -1, 1, 2, 3], n), 0)
    y = y + np.where(of["year"], rng.choice([-2, -1, -1, 1, 1, 2], n), 0)
    y = y + np.where(of["decade"], rng.choice([-10, 10], n), 0)
    y = np.where(of["digits"], y // 100 * 100 + y % 10 * 10 + y // 10 % 10, y)
    m = np.where(of["month"], 1 + (m - 1 + rng.integers(1, 12, n)) % 12, m)
    d = np.where(of["day"], 1 + (d - 1 + rng.choice([1, 2, 9, 10, 20], n)) % 28, d)
    d = np.where(errs & ~heap, np.minimum(d, 28), d)
    month = ((y - 1970) * 12 + m - 1).astype("datetime64[M]")
    day = month.astype("datetime64[D]").astype(np.int64) + d - 1
    day = np.where(day > today, born, day)
    return day, np.where(of["missing"], 2, np.where(of["year only"], 1, 0))


# -------------------------------------------------------------------------------------------------------------- writing
def _sql_list(values: list[str], index: str) -> str:
    inside = ", ".join("'" + v.replace("'", "''") + "'" for v in values)
    return f"list_extract([{inside}], cast({index} as integer))"


_DUSUN = _sql_list(_PLACE_TAIL.split(), "1 + dusun % 25")
_ADDRESS = f"""case gaya
    when 0 then 'JL. ' || jalan || ' NO. ' || rumah when 1 then 'Jalan ' || jalan || ' No.' || rumah
    when 2 then 'JLN ' || jalan || ' ' || rumah when 3 then 'DUSUN ' || {_DUSUN}
    when 4 then 'DSN. ' || {_DUSUN} || ' RT ' || rt || ' RW ' || rw
    when 5 then 'JL ' || jalan || ' RT.' || printf('%02d', rt) || '/' || printf('%02d', rw)
    when 6 then 'KP. ' || {_DUSUN} || ' ' || rt || '/' || rw
    when 7 then jalan || ' GG. ' || (1 + dusun % 9) when 8 then '' else lower('jl. ' || jalan || ' no ' || rumah) end"""
_SLS = """case gaya_sls when 0 then printf('RT %03d/RW %03d', rt, rw) when 1 then 'RT ' || rt || ' RW ' || rw
    when 2 then printf('RT.%02d RW.%02d', rt, rw) when 3 then printf('%03d/%03d', rt, rw) when 4 then ''
    else 'RT' || rt || '/' || rw end"""


def _recode(values: Array, codes: dict[int, int]) -> Array:
    table = np.full(64, -1)
    for a, b in codes.items():
        table[a] = b
    return np.where(values >= 0, table[values.clip(0)], -1)


def _labels(values: Array, labels: dict[int, str]) -> pa.Array:
    names = sorted(set(labels.values()))
    table = np.full(64, -1)
    for a, b in labels.items():
        table[a] = names.index(b)
    at = np.where(values >= 0, table[values.clip(0)], -1)
    return pc.take(pa.array(names), pa.array(at, mask=at < 0))


def _yes(flag: Array) -> pa.Array:
    return pc.take(pa.array(["Tidak", "Ya"]), pa.array(flag.astype(np.int8)))


# This survey names no sampling unit: each household stands for itself.
_NO_BLOCKS = {"nks": "null"}


def _copy(
    con: duckdb.DuckDBPyConnection, source: str, table: str, data: pa.Table, expressions: dict[str, str], file: Path
) -> None:
    """Write ``data`` as the contract's table: a column is an expression or the column of that name; -1 is empty.

    Where table ``lembar`` (folder) has a row, the office's spreadsheet comes between (``foreign_sheet``).
    """
    integers = {f.name for f in data.schema if pa.types.is_integer(f.type)}
    columns = []
    for name in load()[source].tables[table].columns:
        if name in expressions:
            columns.append(f"{expressions[name]} as {name}")
        else:
            columns.append(f"nullif({name}, -1) as {name}" if name in integers else name)
    con.register("baris", data)
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = f"select {', '.join(columns)} from baris"
    typed = con.execute("select folder from lembar").fetchone()
    if typed and (source, table) in foreign_sheet.HABITS:
        foreign_sheet.retype(con, rows, source, table, file, Path(typed[0]) / f"{source}_{table}.parquet")
    else:
        con.sql(rows).write_csv(str(file))
    con.unregister("baris")


def _date_sql(column: str) -> str:
    return f"cast(date '1970-01-01' + cast({column} as integer) as varchar)"


_BORN_SQL = f"""case when tanpa is not null then tanpa
    else case tepat when 2 then '' when 1 then left({_date_sql("lahir")}, 4) else %s end end"""
_BORN_ISO = _BORN_SQL % _date_sql("lahir")
_BORN_MIXED = (
    _BORN_SQL
    % f"case when tulis then strftime(date '1970-01-01' + cast(lahir as integer), '%d/%m/%Y') else {_date_sql('lahir')} end"
)

_ROSTER_PREFIX = {"dtks": "D", "regsosek": "R", "p3ke": "P"}
_RECORD_PREFIX = {"dtks": "DT", "regsosek": "RE", "p3ke": "P3"}


def _record_id(source: str) -> str:
    return f"printf('{_RECORD_PREFIX[source]}-%09d', record)"


def _roster_id(source: str) -> str:
    return f"printf('{_ROSTER_PREFIX[source]}%09d', roster)"


@dataclass
class _Visit:
    """One source's rows as they will be written. By roster: ``village`` as coded, ``seen`` housing, ``house`` columns that all
    sources share; by person row: ``person`` columns that all sources share, and what each source codes in its own way."""

    source: str
    rows: _Listing
    places: _Places
    village: Array
    seen: dict[str, Array]
    house: dict[str, Any]
    person: dict[str, Any]
    male: Array
    age: Array
    schooling: Array
    pupil: Array
    works: Array
    married: Array
    head: Array


def _card_on(families: _Families, family: Array, day: Array) -> Array:
    return np.where(families.new_card[family] <= day, families.card_later[family], families.card[family])


def _visit(
    con: duckdb.DuckDBPyConnection,
    rng: np.random.Generator,
    rows: _Listing,
    hand: _Hand,
    source: str,
    people: _People,
    families: _Families,
    places: _Places,
    housing: dict[str, Array],
    today: int,
    national_id: bool,
) -> _Visit:
    n, rosters, p = len(rows.person), len(rows.family), rows.person
    born, exact = _written_dates(hand, people.born[p], today)
    card = _card_on(families, rows.family, rows.day)
    card = np.where(hand.roster_errs(0.03), families.card[rows.family], card)
    place = 10 ** rng.integers(0, 12, rosters)
    digit = card // place % 10
    card = np.where(hand.roster_errs(0.015), card + ((digit + rng.integers(1, 10, rosters)) % 10 - digit) * place, card)
    card = np.where(hand.roster_errs(0.035), -1, card)
    member_card = np.where(
        rows.nuk > 1, _card_on(families, people.family_later[p], rows.day[rows.roster]), card[rows.roster]
    )
    member_card = np.where(hand.errs(0.012), -1, member_card)
    nik = _written_nik(con, hand, rows, people, member_card, born) if national_id else pa.nulls(n, pa.string())

    # an application that cuts names off is used by a whole village
    fits = rng.choice([0, 20, 25, 30], len(places.weight), p=[0.85, 0.03, 0.06, 0.06]) * (hand.damage > 0)
    limit = fits[rows.village][rows.roster]
    head = _first_of_group(rows.roster)
    has_father = (rows.relation == 3) & people.male[p[head]]
    father = np.where(has_father[:, None], people.names[p[head]], -1)
    name = _spelled(con, _written_names(hand, people.names[p], father, people.male[p], limit))

    beside = (rows.village + rng.choice([-1, 1], rosters)).clip(0, len(places.kec) - 1)
    strayed = hand.roster_errs(0.015) & (places.kec[beside] == places.kec[rows.village]) & (places.weight[beside] > 0)
    village = np.where(strayed, beside, rows.village)
    # the street is the family's, how it is written the visit's
    streets = _STREETS.split(";")
    street = (rows.family * 2654435761 + rows.village * 40503) % (1 << 31)
    from_visit = np.where(rng.random(rosters) < 0.05, rng.permutation(rows.family), rows.family)
    seen = {
        column: np.where(rng.random(rosters) < 0.05, rng.permutation(value[rows.family]), value[rows.family])
        for column, value in housing.items()
    }
    for column in ("kd_sumber_penerangan_utama", "kd_daya_terpasang"):  # they hang together
        seen[column] = housing[column][from_visit]
    house = {
        "roster": np.arange(rosters),
        "jalan": pc.take(pa.array(streets), pa.array(street % len(streets))),
        "rumah": 1 + street // 64 % 140,
        "rt": 1 + street // 4096 % 9,
        "rw": 1 + street // 65536 % 12,
        "dusun": street // 7 % 100,
        "gaya": rng.choice(10, rosters, p=[0.24, 0.12, 0.1, 0.08, 0.08, 0.12, 0.06, 0.06, 0.08, 0.06]),
        "gaya_sls": rng.choice(6, rosters, p=[0.5, 0.15, 0.1, 0.1, 0.05, 0.1]),
        "kunjungan": rows.day,
        "kk_rumah": pa.array(card, mask=card < 0),
        "anggota": np.bincount(rows.roster, minlength=rosters),
    }
    person = {
        "roster": rows.roster,
        "record": rng.permutation(n),
        "nama": name,
        "nik": nik,
        "kk": pa.array(member_card, mask=member_card < 0),
        "lahir": born,
        "tepat": exact.astype(np.int8),
        "tulis": rng.random(n) < 0.4,
        "tanpa": _undated(hand, source),
    }
    age = ((rows.day[rows.roster] - people.born[p]) / _YEAR).clip(0, 110).astype(np.int64)
    schooling = np.minimum(people.schooling[p], np.searchsorted([12, 15, 18, 21, 23, 27], age, side="right"))
    leaves_school = np.array([13, 16, 19, 24, 24, 26, 28])[schooling]
    pupil = (age >= 6) & (age < leaves_school) & (rng.random(n) < np.where(age < 16, 0.95, 0.55))
    works = (age >= 15) & ~pupil & (rng.random(n) < np.where(age > 66, 0.3, np.where(people.male[p], 0.88, 0.5)))
    has_spouse = np.bincount(rows.roster[rows.relation == 2], minlength=rosters)[rows.roster] > 0
    single_head = np.where(age > 50, 4, np.where(age > 30, 3, 1))
    married = np.select(
        [rows.relation == 1, (rows.relation == 2) | (rows.relation == 4), rows.relation == 6],
        [np.where(has_spouse, 2, single_head), 2, 4],
        1,
    )
    male = people.male[p] ^ hand.errs(0.005)
    first = np.flatnonzero(head == np.arange(n))
    return _Visit(
        source,
        rows,
        places,
        village,
        seen,
        house,
        person,
        male,
        age,
        schooling,
        pupil,
        works,
        married,
        first,
    )


def _undated(hand: _Hand, source: str) -> pa.Array:
    """What stands for a birth date that nobody knew, null where the date was written."""
    share, mix = _NO_DATE_MIX[source]
    missing = hand.errs(share)
    which = hand.rng.choice(len(NO_DATE), len(missing), p=mix)
    return pc.take(pa.array(NO_DATE), pa.array(which, mask=~missing))


def _written_places(hand: _Hand, rows: _Listing, people: _People, places: _Places) -> dict[str, Any]:
    """Birthplace columns: the name, and how it was written."""
    n = len(rows.person)
    place = people.birth_place[rows.person]
    village = people.birth_village[rows.person]
    other = hand.errs(0.07)
    place = np.where(other, np.where(hand.rng.random(n) < 0.6, places.kab_name[village], village), place)
    return {
        "tempat": pc.take(places.names, pa.array(place, mask=hand.errs(0.03))),
        "gaya_tempat": np.where(hand.errs(0.12), 1 + hand.rng.integers(0, 5, n), 0),
        "u": hand.rng.random(n),
    }


_BIRTH_PLACE = f"""case gaya_tempat when 1 then 'KAB. ' || tempat when 2 then left(tempat, 3)
    when 3 then {_finger("tempat", "2", "u")}
    when 4 then replace(tempat, ' ', '') when 5 then {_finger("tempat", "1", "u")} else tempat end"""
_SEX = "case when laki then 1 else 2 end"


def _dtks(con: duckdb.DuckDBPyConnection, v: _Visit, hand: _Hand, people: _People, order: Array, folder: Path) -> None:
    rng, rows, seen, n, rosters = hand.rng, v.rows, v.seen, len(v.rows.person), len(v.rows.family)
    power = seen["kd_daya_terpasang"]
    no_meter = seen["kd_sumber_penerangan_utama"] == 2
    three_four = {
        name: seen[column] + 2
        for name, column in (
            ("ada_lemari_es", "kd_lemari_es"),
            ("ada_pemanas", "kd_pemanas_air"),
            ("ada_tv", "kd_televisi"),
            ("ada_laptop", "kd_komputer_laptop"),
            ("ada_motor", "kd_sepeda_motor"),
            ("ada_perahu", "kd_perahu"),
            ("rumah_lain", "kd_rumah_ditempat_lain"),
        )
    }
    one_two = {
        name: seen[column]
        for name, column in (
            ("ada_tabung_gas", "kd_tabung_gas_5_5_kg"),
            ("ada_ac", "kd_ac"),
            ("ada_telepon", "kd_telepon_rumah"),
            ("ada_emas", "kd_perhiasan_10_gr_emas"),
            ("ada_sepeda", "kd_sepeda"),
            ("ada_mobil", "kd_mobil"),
            ("ada_kapal", "kd_kapal_perahu_motor"),
            ("aset_tak_bergerak", "kd_lahan"),
            ("sta_pkh", "kd_pkh"),
            ("sta_kks", "kd_bss_bnpt"),
            ("jumlah_sapi", "jumlah_sapi"),
            ("jumlah_kerbau", "jumlah_kerbau"),
            ("jumlah_kuda", "jumlah_kuda"),
            ("jumlah_babi", "jumlah_babi"),
            ("jumlah_kambing", "jumlah_kambing_domba"),
            ("sta_bangunan", "kd_stat_bangunan_tinggal"),
            ("dinding", "kd_jenis_dinding"),
            ("luas_lantai", "luas_lantai"),
        )
    }
    house = {
        **v.house,
        **three_four,
        **one_two,
        "kode": _bps_code(v, rng.random(rosters) < 0.05),
        "kepala": v.person["nama"].take(pa.array(v.head)),
        "jumlah_keluarga": np.maximum.reduceat(rows.nuk, v.head),
        "sta_lahan": np.where(rng.random(rosters) < 0.8, 1, 2),
        "lantai": _recode(seen["kd_jenis_lantai_terluas"], {1: 1, 2: 2, 3: 3, 4: 4, 5: 8, 6: 6, 7: 7, 8: 9}),
        "kondisi_dinding": np.where(rng.random(rosters) < 0.6, 1, 2),
        "atap": _recode(seen["kd_jenis_atap"], {1: 1, 2: 4, 3: 6, 4: 5, 5: 7, 6: 8, 7: 9, 8: 10}),
        "kondisi_atap": np.where(rng.random(rosters) < 0.6, 1, 2),
        "jumlah_kamar": rng.integers(1, 5, rosters),
        "sumber_airminum": _recode(
            seen["kd_sumber_air_minum"], {1: 1, 2: 2, 3: 3, 4: 5, 5: 6, 6: 7, 7: 8, 8: 9, 9: 10, 10: 11, 11: 12}
        ),
        "sumber_penerangan": _recode(seen["kd_sumber_penerangan_utama"], {1: 1, 2: 1, 3: 2, 4: 3}),
        "daya": np.where(no_meter, 6, power),
        "bb_masak": _recode(
            seen["kd_bahan_bakar_memasak"], {0: 9, 1: 1, 2: 2, 3: 2, 4: 3, 5: 4, 6: 4, 7: 5, 8: 6, 9: 7, 10: 8}
        ),
        "fasbab": _recode(seen["kd_fasilitas_tempat_bab"], {1: 1, 2: 2, 3: 3, 4: 3, 5: 4, 6: 4}),
        "kloset": np.where(seen["kd_jenis_kloset"] < 0, 4, _recode(seen["kd_jenis_kloset"], {1: 1, 2: 2, 3: 2, 4: 3})),
        "buang_tinja": _recode(seen["kd_pembuangan_akhir_tinja"], {1: 1, 2: 2, 3: 4, 4: 3, 5: 5, 6: 6}),
        "nonaktif": np.where(rng.random(rosters) < 0.01, 1, 0),
    }
    _copy(
        con,
        "dtks",
        "rumah_tangga",
        pa.table(house),
        {
            "idbdt": _roster_id("dtks"),
            **_bps_columns("kdprop", "kdkab", "kdkec", "kddesa"),
            "nama_sls": _SLS,
            "alamat": _ADDRESS,
            "nama_krt": "kepala",
            "nokk": "kk_rumah",
            "jumlah_art": "anggota",
            "lastupdatedata": _date_sql("kunjungan"),
        },
        folder / "rumah_tangga.csv",
    )
    mother = people.mother[rows.person]
    told = (mother >= 0) & (rng.random(n) < 0.68)
    words = np.where(told[:, None], people.names[mother], -1)
    nobody = np.full((n, 4), -1)
    ill = rng.random(n) < 0.03 + 0.002 * v.age
    member = {
        **v.person,
        **_written_places(hand, rows, people, v.places),
        "kunjungan": rows.day[rows.roster],
        "nuk": rows.nuk,
        "laki": v.male,
        "ibu": _spelled(con, _written_names(hand, words, nobody, np.zeros(n, dtype=bool), np.zeros(n, dtype=np.int64))),
        "hub_krt": rows.relation,
        "sta_kawin": v.married,
        "jenis_cacat": np.where(rng.random(n) < 0.015, rng.integers(1, 12, n), 0),
        "penyakit_kronis": np.where(ill & (rng.random(n) < 0.5), rng.integers(1, 10, n), 0),
        "partisipasi_sekolah": np.where(v.pupil, 1, np.where(v.age < 6, 0, 2)),
        "ijazah_tertinggi": v.schooling,
        "sta_bekerja": np.where(v.works, 1, 2),
        "lapangan_usaha": np.where(v.works, rng.integers(1, 22, n), -1),
        "status_pekerjaan": np.where(v.works, rng.integers(1, 9, n), -1),
        "sta_keberadaan_art": np.array([1, 2, 3])[rows.there],
        "ada_pkh": seen["kd_pkh"][rows.roster],
        "ada_bpnt": seen["kd_bss_bnpt"][rows.roster],
        "ada_pbi": np.where(rng.random(n) < 0.7, 1, 2),
    }
    _copy(
        con,
        "dtks",
        "anggota",
        pa.table(member).take(pa.array(order)),
        {
            "idartbdt": _record_id("dtks"),
            "idbdt": _roster_id("dtks"),
            "nokk": "kk",
            "tmplahir": _BIRTH_PLACE,
            "tgllahir": _BORN_MIXED,
            "jnskel": _SEX,
            "namagadis_ibukandung": "nullif(ibu, '')",
            "lastupdatedata": _date_sql("kunjungan"),
        },
        folder / "anggota.csv",
    )


def _bps_code(v: _Visit, old_list: Array) -> Array:
    """BPS codes; visits that were numbered from an ``old_list`` have the code before the split, where there was one."""
    old = v.places.old_bps[v.village]
    return np.where(old_list & (old > 0), old, v.places.bps[v.village])


def _bps_columns(province: str, regency: str, district: str, village: str) -> dict[str, str]:
    text = "cast(kode as varchar)"
    cuts = ((province, 1, 2), (regency, 3, 2), (district, 5, 3), (village, 8, 3))
    return {column: f"substr({text}, {begin}, {length})" for column, begin, length in cuts}


def _regsosek(
    con: duckdb.DuckDBPyConnection, v: _Visit, hand: _Hand, people: _People, order: Array, folder: Path
) -> None:
    rng, rows, seen, n, rosters = hand.rng, v.rows, v.seen, len(v.rows.person), len(v.rows.family)
    house = {
        **v.house,
        **seen,
        "kode": _bps_code(v, rng.random(rosters) < 0.3),
        "kd_kk": rng.choice(3, rosters, p=[0.9, 0.05, 0.05]),
        "kd_hasil_pendataan": np.where(rng.random(rosters) < 0.97, 1, 2),
    }
    _copy(
        con,
        "regsosek",
        "keluarga",
        pa.table(house),
        {
            "id_keluarga": _roster_id("regsosek"),
            **_bps_columns("kode_provinsi", "kode_kabupaten", "kode_kecamatan", "kode_desa"),
            "kode_sls": "printf('%04d', rw * 10 + rt % 10)",
            "nama_sls": _SLS,
            "alamat": _ADDRESS,
            "no_kk": "kk_rumah",
            "jumlah_anggota": "anggota",
            "tanggal_pendataan": _date_sql("kunjungan"),
        },
        folder / "keluarga.csv",
    )
    member = {
        **v.person,
        **_written_places(hand, rows, people, v.places),
        "laki": v.male,
        "no_urut": 1 + np.arange(n) - _first_of_group(rows.roster),
        "umur": v.age,
        "kd_status_kawin": v.married,
        "kd_hubungan_keluarga": rows.relation,
        "kd_keberadaan": np.array([1, 2, 3])[rows.there],
        "kd_partisipasi_sekolah": np.where(v.pupil, 2, np.where(v.age < 6, 1, 3)),
        "kd_ijazah_tertinggi": np.array([23, 3, 8, 13, 18, 19, 21])[v.schooling],
        "kd_bekerja": np.where(v.works, 1, 2),
        "kd_lapangan_usaha": np.where(v.works, rng.integers(1, 27, n), -1),
        "kd_status_pekerjaan": np.where(v.works, rng.integers(1, 9, n), -1),
        "kd_kesulitan_fungsi": np.where(rng.random(n) < 0.03, rng.integers(1, 4, n), 4),
        "kd_penyakit_kronis": np.where(rng.random(n) < 0.06, rng.integers(2, 19, n), 1),
        "kd_jaminan_kesehatan": rng.choice([0, 1, 2, 4, 8, 99], n, p=[0.25, 0.45, 0.1, 0.16, 0.03, 0.01]),
    }
    _copy(
        con,
        "regsosek",
        "anggota",
        pa.table(member).take(pa.array(order)),
        {
            "id_anggota": _record_id("regsosek"),
            "id_keluarga": _roster_id("regsosek"),
            "kd_jenis_kelamin": _SEX,
            "tempat_lahir": _BIRTH_PLACE,
            "tgl_lahir": _BORN_ISO,
        },
        folder / "anggota.csv",
    )


_SCHOOL_LABELS = (
    "Tidak Tamat SD/Sederajat",
    "Tamat SD/Sederajat",
    "Tamat SLTP/Sederajat",
    "Tamat SLTA/Sederajat",
    "Tamat PT/Akademi",
)
_JOBS = ("Petani", "Pedagang", "Wiraswasta", "Swasta", "PNS/TNI/Polri", "Pekerja Lepas", "Nelayan", "Lainnya")


def _p3ke(con: duckdb.DuckDBPyConnection, v: _Visit, hand: _Hand, people: _People, order: Array, folder: Path) -> None:
    rng, rows, seen, n, rosters = hand.rng, v.rows, v.seen, len(v.rows.person), len(v.rows.family)
    places = v.places
    old = (places.old_kemendagri[v.village] > 0) & (rng.random(rosters) < np.where(rows.day < _SPLIT_DAY, 0.9, 0.15))
    power = np.where(seen["kd_sumber_penerangan_utama"] == 1, seen["kd_daya_terpasang"], -1)
    light = _labels(
        seen["kd_sumber_penerangan_utama"],
        {1: "Listrik PLN meteran", 2: "Listrik Bersama", 3: "Genset/Solar Cell", 4: "Bukan listrik"},
    )
    spending = np.exp(
        14.6 - 0.25 * (seen["kd_sepeda_motor"] - 1.5) - 0.5 * (seen["kd_mobil"] - 1.5) + rng.normal(0, 0.5, rosters)
    )
    house = {
        **v.house,
        "kode_kemdagri": np.where(old, places.old_kemendagri[v.village], places.kemendagri[v.village]),
        "provinsi": pc.take(pa.array([p[1] for p in _PROVINCES]), pa.array(places.province[v.village])),
        "kabupaten": pc.take(places.names, pa.array(places.kab_name[v.village])),
        "kecamatan": pc.take(places.names, pa.array(places.kec_name[v.village])),
        "desa": pc.take(places.names, pa.array(v.village)),
        "kepala_keluarga": v.person["nama"].take(pa.array(v.head)),
        "nik": v.person["nik"].take(pa.array(v.head)),
        "padan_dukcapil": _labels((rng.random(rosters) < 0.88).astype(np.int64), {0: "TIDAK", 1: "YA"}),
        "desil_kesejahteraan": rng.integers(1, 11, rosters),
        "kepemilikan_rumah": _labels(
            seen["kd_stat_bangunan_tinggal"],
            {1: "Milik Sendiri", 2: "Kontrak/Sewa", 3: "Menumpang", 4: "Dinas", 5: "Lainnya"},
        ),
        "memiliki_simpanan": _yes(rng.random(rosters) < 0.3),
        "jenis_atap": _labels(
            seen["kd_jenis_atap"],
            {
                1: "Beton",
                2: "Genteng",
                3: "Seng",
                4: "Asbes",
                5: "Kayu/Sirap",
                6: "Bambu",
                7: "Jerami/Ijuk/Rumbia",
                8: "Lainnya",
            },
        ),
        "jenis_dinding": _labels(
            seen["kd_jenis_dinding"],
            {
                1: "Tembok",
                2: "Plesteran anyaman bambu/kawat",
                3: "Kayu/Papan",
                4: "Bambu",
                5: "Kayu/Papan",
                6: "Bambu",
                7: "Lainnya",
            },
        ),
        "jenis_lantai": _labels(
            seen["kd_jenis_lantai_terluas"],
            dict.fromkeys((1, 2, 4), "Keramik/Granit/Marmer")
            | {3: "Lainnya", 5: "Kayu/Papan", 6: "Semen", 7: "Bambu", 8: "Tanah", 9: "Lainnya"},
        ),
        "sumber_penerangan": light,
        "daya_terpasang": _labels(
            np.where(power < 0, 0, power),
            {0: "Tidak Ada", 1: "450 VA", 2: "900 VA", 3: "> 900", 4: "> 900", 5: "> 900 VA"},
        ),
        "bahan_bakar_memasak": _labels(
            seen["kd_bahan_bakar_memasak"],
            dict.fromkeys(range(1, 7), "Listrik/Gas")
            | {0: "Lainnya", 7: "Minyak Tanah", 8: "Arang/Kayu", 9: "Arang/Kayu", 10: "Arang/Kayu"},
        ),
        "sumber_air_minum": _labels(
            seen["kd_sumber_air_minum"],
            {
                1: "Air Kemasan/Isi Ulang",
                2: "Air Kemasan/Isi Ulang",
                3: "Ledeng/PAM",
                4: "Sumur Bor",
                5: "Sumur Terlindung",
                6: "Sumur Tidak Terlindung",
                7: "Lainnya",
                8: "Lainnya",
                9: "Air Permukaan",
                10: "Air Hujan",
                11: "Lainnya",
            },
        ),
        "fasilitas_bab": _labels(
            seen["kd_fasilitas_tempat_bab"],
            {
                1: "Ya, dengan Septictank",
                2: "Umum/Bersama",
                3: "Umum/Bersama",
                4: "Umum/Bersama",
                5: "Lainnya",
                6: "Lainnya",
            },
        ),
        "pengeluaran": (spending // 1000 * 1000).astype(np.int64),
        "penghasilan": (spending * 1.1 // 1000 * 1000).astype(np.int64),
        "bpnt": _yes(seen["kd_bss_bnpt"] == 1),
        "bst": _yes(rng.random(rosters) < 0.08),
        "pkh": _yes(seen["kd_pkh"] == 1),
        "sembako": _yes(seen["kd_bss_bnpt"] == 1),
        "resiko_stunting": _labels(
            rng.choice(3, rosters, p=[0.7, 0.2, 0.1]),
            {0: "Bukan Target Sasaran", 1: "Tidak Beresiko Stunting", 2: "Beresiko Stunting"},
        ),
    }
    _copy(
        con,
        "p3ke",
        "keluarga",
        pa.table(house),
        {
            "id_keluarga": _roster_id("p3ke"),
            "alamat": _ADDRESS,
            "no_kk": "kk_rumah",
            "tanggal_data": _date_sql("kunjungan"),
        },
        folder / "keluarga.csv",
    )
    relation = np.where(rows.relation == 2, np.where(v.male, 12, 11), rows.relation)
    finished = _labels(
        v.schooling,
        {
            0: _SCHOOL_LABELS[0],
            1: _SCHOOL_LABELS[1],
            2: _SCHOOL_LABELS[2],
            3: _SCHOOL_LABELS[3],
            4: _SCHOOL_LABELS[4],
            5: _SCHOOL_LABELS[4],
            6: _SCHOOL_LABELS[4],
        },
    )
    at_school = _labels(
        v.schooling,
        {
            0: "Masih SD/Sederajat",
            1: "Masih SLTP/Sederajat",
            2: "Masih SLTA/Sederajat",
            3: "Masih PT/Akademi",
            4: "Masih PT/Akademi",
            5: "Masih PT/Akademi",
            6: "Masih PT/Akademi",
        },
    )
    schooling = pc.if_else(
        pa.array(v.age < 6), "Tidak/Belum Sekolah", pc.if_else(pa.array(v.pupil), at_school, finished)
    )
    job = rng.choice(len(_JOBS), n, p=[0.33, 0.13, 0.15, 0.18, 0.04, 0.1, 0.03, 0.04])
    member = {
        **v.person,
        "padan_dukcapil": _labels((rng.random(n) < 0.88).astype(np.int64), {0: "TIDAK", 1: "YA"}),
        "jenis_kelamin": _labels(v.male.astype(np.int64), {0: "Perempuan", 1: "Laki-laki"}),
        "hub_dgn_kpl_keluarga": _labels(
            relation,
            {1: "Kepala Keluarga", 11: "Istri", 12: "Suami", 3: "Anak"} | dict.fromkeys((4, 5, 6, 7, 8), "Lainnya"),
        ),
        "status_kawin": _labels(v.married, {1: "Belum kawin", 2: "Kawin", 3: "Cerai hidup", 4: "Cerai mati"}),
        "pekerjaan": pc.if_else(pa.array(v.works), pc.take(pa.array(_JOBS), pa.array(job)), "Belum/Tidak Bekerja"),
        "pendidikan": schooling,
    }
    _copy(
        con,
        "p3ke",
        "individu",
        pa.table(member).take(pa.array(order)),
        {"id_individu": _record_id("p3ke"), "id_keluarga": _roster_id("p3ke"), "tanggal_lahir": _BORN_ISO},
        folder / "individu.csv",
    )


def write(
    persons: int,
    seed: int,
    month: str,
    to: Path,
    damage: float = 1.0,
    national_id: bool = True,
    twins: float = _TWINS,
    spreadsheet: bool = False,
) -> None:
    """Write one delivery month into the landing folder ``to`` and its truth into ``kebenaran/<month>/`` beside it.

    ``persons`` live in the country at the month's end or died since July 2021; the same arguments give the same bytes.
    ``damage`` scales the probability of every error (0: none), ``national_id=False`` leaves every NIK empty, ``twins`` is the
    share of births that bring two. With ``spreadsheet`` the offices sent what their spreadsheets made of the tables
    (``foreign_sheet``), whose cells are also left as Parquet in ``kebenaran/<month>/kiriman/``. The truth has ``source``,
    ``record_id``, ``person_true``, ``family_true`` (the family the person lives in now) and ``birth_true`` (one number for twins)
    for every person row (``orang.parquet``), and every family without an error in the columns of the survey (``keluarga.csv``,
    where ``id_ruta`` is ``family_true``).
    Raises InputError on arguments that give no usable month.
    """
    check_month(month)
    if month < _FIRST_MONTH:
        raise InputError(
            f"Bulan {month} terlalu awal / month {month} is too early",
            expected=f"{_FIRST_MONTH} atau sesudahnya / or later: P3KE is of 2021-23",
        )
    if not _FEWEST <= persons <= _MOST:
        raise InputError(
            f"{persons} orang tidak dapat disimulasikan / persons cannot be simulated", expected=f"{_FEWEST} - {_MOST}"
        )
    if not 0 <= damage <= 5:
        raise InputError(f"Kerusakan {damage} di luar batas / damage {damage} is out of bounds", expected="0 - 5")
    if not 0 <= twins <= 0.5:
        raise InputError(
            f"Bagian kembar {twins} di luar batas / share of twins {twins} is out of bounds", expected="0 - 0.5"
        )
    if seed < 0:
        raise InputError(f"Benih {seed} tidak sah / seed {seed} is not usable", expected="0 atau lebih / or more")
    rng = np.random.default_rng([seed, persons, int(month.replace("-", ""))])
    today = int((np.datetime64(month, "M") + 1).astype("datetime64[D]").astype(np.int64)) - 1
    places = _places(rng, persons)
    people, families = _population(rng, persons, places, today, twins)
    housing = _housing(rng, families.welfare)
    truths = []
    with duckdb.connect() as con:
        con.execute("set preserve_insertion_order = true")
        con.execute("create temp table lembar (folder varchar)")
        if spreadsheet:
            typed = to.parent / "kebenaran" / month / "kiriman"
            typed.mkdir(parents=True, exist_ok=True)
            con.execute("insert into lembar values (?)", [str(typed)])
        for source, writer in (("p3ke", _p3ke), ("regsosek", _regsosek), ("dtks", _dtks)):
            rows = _listing(rng, source, people, families, places, today)
            hand = _Hand(rng, rows, places, damage)
            visit = _visit(con, rng, rows, hand, source, people, families, places, housing, today, national_id)
            writer(con, visit, hand, people, rng.permutation(len(rows.person)), to / month / source)
            truths.append(_truth(con, visit, people, today))
        for name, table in (
            ("wilayah", places.wilayah),
            ("susenas", _susenas(rng, places, min(8000, 1200 + persons // 50))),
        ):
            _copy(con, "referensi", name, table, _NO_BLOCKS, to / "referensi" / f"{name}.csv")
        # From a stream of its own: what is delivered must not depend on what is only known.
        apart = np.random.default_rng([seed, persons, int(month.replace("-", "")), 1])
        true_families = _true_families(apart, people, families, places, housing, today)
        truth = to.parent / "kebenaran" / month / "orang.parquet"
        _copy(con, "referensi", "susenas", true_families, _NO_BLOCKS, truth.with_name("keluarga.csv"))
    pq.write_table(pa.concat_tables(truths), truth)


def _truth(con: duckdb.DuckDBPyConnection, visit: _Visit, people: _People, today: int) -> pa.Table:
    p = visit.rows.person
    lives = np.where(people.left[p] <= today, people.family_later[p], people.family[p])
    true = {"person_true": p, "family_true": lives, "birth_true": people.birth[p]}
    con.register("benar", pa.table({"record": visit.person["record"]} | true))
    found = con.sql(
        f"""
        select '{visit.source}' as source, {_record_id(visit.source)} as record_id, person_true, family_true, birth_true
        from benar order by record
        """
    ).to_arrow_table()
    con.unregister("benar")
    return found


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.foreign_month", description="Tulis bulan asing / write a foreign month"
    )
    parser.add_argument("--persons", type=int, required=True, help="orang / persons")
    parser.add_argument("--seed", type=int, default=1, help="benih / seed")
    parser.add_argument("--month", required=True, help="YYYY-MM")
    parser.add_argument(
        "--to", type=Path, required=True, help="landing; kebenaran di sampingnya / the truth goes beside it"
    )
    parser.add_argument("--damage", type=float, default=1.0, help="pengali kerusakan / multiplies every error rate")
    parser.add_argument(
        "--twins", type=float, default=_TWINS, help="bagian kelahiran kembar / share of births that bring two"
    )
    parser.add_argument(
        "--spreadsheet", action="store_true", help="berkas lewat lembar kerja / files that went through spreadsheets"
    )
    parser.add_argument("--no-national-id", action="store_true", help="tanpa NIK / without any NIK")
    given = parser.parse_args(arguments)
    try:
        write(
            given.persons,
            given.seed,
            given.month,
            given.to,
            given.damage,
            not given.no_national_id,
            given.twins,
            given.spreadsheet,
        )
    except InputError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
