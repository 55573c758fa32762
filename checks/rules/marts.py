"""Rules on the register: ``marts.anggota`` and ``marts.keluarga``."""

from __future__ import annotations

from checks.rules.forms import PENAUTAN, PENERIMAAN, between, like, none_wrong, not_null, one_of, unique
from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.quality.rule import Rule

MARTS = (
    none_wrong(
        "anggota_sama_crosswalk",
        "marts.anggota",
        Bilingual(
            "Orang dan keluarganya dalam anggota sama dengan crosswalk.",
            "The persons and their families in anggota are those of the crosswalk.",
        ),
        PENAUTAN,
    ),
    none_wrong(
        "kepala_keluarga",
        "marts.keluarga",
        Bilingual(
            "Setiap keluarga punya tepat satu kepala, yaitu anggotanya sendiri, dan yang hadir bila ada.",
            "Every family has exactly one head, who is one of its members, and a present one where there is one.",
        ),
        PENAUTAN,
    ),
    none_wrong(
        "keluarga_sama_anggota",
        "marts.keluarga",
        Bilingual(
            "Jumlah anggota setiap keluarga, yang hadir dan yang tercatat, cocok dengan tabel anggota.",
            "Every family has as many members, present and on record, as the member table says.",
        ),
        PENAUTAN,
    ),
    Rule(
        "keluarga_kosong",
        "marts.keluarga",
        Bilingual(
            "Sedikit keluarga yang semua anggotanya meninggal, pindah, atau tidak ditemukan.",
            "Few families have only members who died, moved away or were not found.",
        ),
        PENERIMAAN,
        reason=Bilingual(
            "Bulan biasa di bawah satu persen; di atas seperlima kode keberadaan lain artinya, dan yang hidup kehilangan "
            "haknya.",
            "An ordinary month has less than one percent; above a fifth the codes of presence mean something else, and "
            "the living lose what they are entitled to.",
        ),
        maximum=0.2,
        subject="families",
    ),
    Rule(
        "wilayah_keluarga",
        "marts.keluarga",
        Bilingual("Kabupaten/kota hampir setiap keluarga dikenal.", "The regency of nearly every family is known."),
        PENAUTAN,
        reason=Bilingual(
            "Tanpa kabupaten/kota keluarga tidak mendapat desil daerah; batasnya sama dengan batas rekaman.",
            "Without a regency a family gets no regional decile; the bound is that of the records.",
        ),
        minimum=0.98,
        subject="families",
    ),
    Rule(
        "ukuran_keluarga",
        "marts.keluarga",
        Bilingual(
            "Hampir semua keluarga mencatat 1 sampai 15 anggota.", "Nearly all families have 1 to 15 members on record."
        ),
        PENAUTAN,
        reason=Bilingual(
            "Keluarga di atas 15 anggota sangat jarang; lebih dari 0,5 persen berarti keluarga tergabung.",
            "A family above 15 members is very rare; more than 0.5 percent means families run together.",
        ),
        maximum=0.005,
        subject="families",
    ),
    Rule(
        "rata_ukuran_keluarga",
        "marts.keluarga",
        Bilingual(
            "Rata-rata anggota per keluarga mendekati angka nasional.",
            "The mean family size is near the national figure.",
        ),
        PENAUTAN,
        reason=Bilingual(
            "DTSEN Januari 2026 mencatat 3,04; daerah tertentu wajar menyimpang, maka hanya peringatan.",
            "DTSEN of January 2026 counts 3.04; a single region may differ, hence a warning only.",
        ),
        minimum=2.5,
        maximum=4.5,
        blocking=False,
    ),
    none_wrong(
        "wilayah_berlaku",
        "marts.keluarga",
        Bilingual(
            "Kode wilayah keluarga berlaku pada bulan ini dan bersarang.",
            "The area codes of families are in force in the month and lie within one another.",
        ),
        PENAUTAN,
    ),
    none_wrong(
        "kontrak_anggota",
        "marts.anggota",
        Bilingual(
            "Isi kolom anggota sesuai tata letak yang diterbitkan.",
            "The columns of anggota hold what the published layout says.",
        ),
        PENAUTAN,
        expectations=(
            not_null("person_id"),
            unique("person_id"),
            not_null("family_id"),
            like("nik", r"^\d{16}$"),
            like("kk", r"^\d{16}$"),
            one_of("jenis_kelamin", "L", "P"),
            one_of("tgl_lahir_presisi", "hari", "tahun"),
            one_of("hubungan", *range(1, 9)),
            one_of("status_kawin", *range(1, 5)),
            one_of("pendidikan", *range(7)),
            one_of("partisipasi_sekolah", *range(1, 4)),
            one_of("status_keberadaan", "ada", "meninggal", "pindah", "tidak_ditemukan"),
        ),
    ),
    none_wrong(
        "kontrak_keluarga",
        "marts.keluarga",
        Bilingual(
            "Isi kolom keluarga sesuai tata letak yang diterbitkan.",
            "The columns of keluarga hold what the published layout says.",
        ),
        PENAUTAN,
        expectations=(
            not_null("family_id"),
            unique("family_id"),
            not_null("kepala_person_id"),
            unique("kepala_person_id"),
            like("kk", r"^\d{16}$"),
            like("kode_provinsi", r"^\d{2}$"),
            like("kode_kabupaten", r"^\d{4}$"),
            like("kode_kecamatan", r"^\d{6}$"),
            like("kode_desa", r"^\d{10}$"),
            not_null("jumlah_anggota"),
            between("jumlah_anggota", 0),
            not_null("jumlah_tercatat"),
            between("jumlah_tercatat", 1),
            one_of("status_rumah", "milik", "sewa", "bebas", "dinas", "lainnya"),
            one_of("daya", "450", "900", ">900", "tanpa"),
            between("luas_lantai", 0),
        ),
    ),
)
