-- Whether an interval of months [mulai, selesai) holds bulan; selesai is NULL while the interval lasts.
create macro berlaku_pada(mulai, selesai, bulan) as
    mulai <= bulan and (selesai is null or selesai > bulan)
