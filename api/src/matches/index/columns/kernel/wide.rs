//! The same as the plain version, with 32 bytes in one register.

use std::arch::x86_64::{
    __m256i, _mm256_add_epi8, _mm256_adds_epu16, _mm256_and_si256, _mm256_andnot_si256, _mm256_blendv_epi8,
    _mm256_cmpeq_epi8, _mm256_cmpeq_epi16, _mm256_min_epu8, _mm256_min_epu16, _mm256_movemask_epi8, _mm256_mulhi_epu16,
    _mm256_mullo_epi16, _mm256_or_si256, _mm256_packs_epi16, _mm256_permute2x128_si256, _mm256_permute4x64_epi64,
    _mm256_set1_epi8, _mm256_set1_epi16, _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_slli_epi16,
    _mm256_srli_epi16, _mm256_sub_epi8, _mm256_sub_epi16, _mm256_subs_epu16, _mm256_unpackhi_epi8,
    _mm256_unpacklo_epi8,
};

use zerocopy::transmute;

use super::{FULL, Folk, LANE, Lane, NO_SIZE, Reach, STEPS, Sizes, Themes, Values, Ways};

/// Whether the machine has registers of 32 bytes.
pub(super) fn is_known() -> bool {
    std::arch::is_x86_feature_detected!("avx2")
}

#[expect(unsafe_code, reason = "calls code for machines with AVX2 after asking for it")]
pub(super) fn rows_of(reach: &Reach<'_>) -> [u32; 8] {
    assert!(is_known());
    // SAFETY: the machine has AVX2, which is all that `rows` asks for.
    unsafe { rows(reach) }
}

#[expect(unsafe_code, reason = "calls code for machines with AVX2 after asking for it")]
pub(super) fn rows_sized(sizes: &[u16], ends: [u16; 2]) -> [[u32; 8]; 2] {
    assert!(is_known());
    // SAFETY: the machine has AVX2, which is all that `sized` asks for.
    unsafe { sized(sizes, ends) }
}

#[target_feature(enable = "avx2")]
fn sized(sizes: &[u16], [least, most]: [u16; 2]) -> [[u32; 8]; 2] {
    let [first, far] = [least, most - least].map(|end| _mm256_set1_epi16(end.cast_signed()));
    // One bit for each of 32 numbers of which all bits are set or none.
    let gathered = |[low, high]: [__m256i; 2]| {
        let packed = _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_packs_epi16(low, high));
        _mm256_movemask_epi8(packed).cast_unsigned()
    };
    let [mut between, mut ends] = [[0; 8]; 2];
    for (number, sizes) in sizes.as_chunks::<LANE>().0.iter().take(8).enumerate() {
        let halves: [__m256i; 2] = transmute!(*sizes);
        let away = halves.map(|half| _mm256_sub_epi16(half, first));
        between[number] = gathered(away.map(|away| _mm256_cmpeq_epi16(_mm256_min_epu16(away, far), away)));
        ends[number] = gathered(away.map(|away| {
            _mm256_or_si256(
                _mm256_cmpeq_epi16(away, _mm256_setzero_si256()),
                _mm256_cmpeq_epi16(away, far),
            )
        }));
    }
    [between, ends]
}

/// A 16-bit number for each of 32 rows: those of bytes 0–7 and 16–23, then the others.
type Sums = [__m256i; 2];

/// A table of 16 bytes, in both halves of a register.
#[inline]
#[target_feature(enable = "avx2")]
fn twice(table: [u8; 16]) -> __m256i {
    transmute!([table, table])
}

/// Tables for the lower and the higher byte of each number.
#[inline]
#[target_feature(enable = "avx2")]
fn halves(table: &[u16; 16]) -> [__m256i; 2] {
    let mut halves = [[0; 16]; 2];
    for (at, number) in table.iter().enumerate() {
        [halves[0][at], halves[1][at]] = number.to_le_bytes();
    }
    [twice(halves[0]), twice(halves[1])]
}

#[inline]
#[target_feature(enable = "avx2")]
fn add(a: Sums, b: Sums) -> Sums {
    [_mm256_adds_epu16(a[0], b[0]), _mm256_adds_epu16(a[1], b[1])]
}

#[inline]
#[target_feature(enable = "avx2")]
fn low_half(bytes: __m256i) -> __m256i {
    _mm256_and_si256(bytes, _mm256_set1_epi8(15))
}

#[inline]
#[target_feature(enable = "avx2")]
fn high_half(bytes: __m256i) -> __m256i {
    _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), _mm256_set1_epi8(15))
}

/// The 16-bit number of each index.
#[inline]
#[target_feature(enable = "avx2")]
fn look_up(table: &[__m256i; 2], index: __m256i) -> Sums {
    let low = _mm256_shuffle_epi8(table[0], index);
    let high = _mm256_shuffle_epi8(table[1], index);
    [_mm256_unpacklo_epi8(low, high), _mm256_unpackhi_epi8(low, high)]
}

/// `amount × table[index]` for each byte.
#[inline]
#[target_feature(enable = "avx2")]
fn times(amount: __m256i, table: &[__m256i; 2], index: __m256i) -> Sums {
    let zero = _mm256_setzero_si256();
    let [low, high] = look_up(table, index);
    [
        _mm256_mullo_epi16(_mm256_unpacklo_epi8(amount, zero), low),
        _mm256_mullo_epi16(_mm256_unpackhi_epi8(amount, zero), high),
    ]
}

#[inline]
#[target_feature(enable = "avx2")]
fn rows(reach: &Reach<'_>) -> [u32; 8] {
    let mut rows = [0; 8];
    let (ways, folks) = reach.ways;
    let ways = WayTables::of(ways);
    let least = _mm256_set1_epi16(reach.least.cast_signed());
    let zero = _mm256_setzero_si256();
    for (number, (bits, folk)) in rows.iter_mut().zip(folks).enumerate() {
        let mut sum = ways.points(folk);
        if let Some((themes, lanes)) = reach.themes
            && let Some(lane) = lanes.get(number)
        {
            sum = add(sum, themes.wide.points(lane));
        }
        let begin = number * LANE;
        if let Some((points, sizes)) = reach.sizes
            && let Some(sizes) = sizes.get(begin..begin + LANE).and_then(<[u16]>::first_chunk::<LANE>)
        {
            sum = add(sum, by_size(points, sizes));
        }
        if let Some((points, values)) = reach.values
            && let Some(values) = values.get(begin..begin + LANE).and_then(<[u16]>::first_chunk::<LANE>)
        {
            sum = add(sum, by_value(points, values));
        }
        let low = _mm256_cmpeq_epi16(_mm256_subs_epu16(least, sum[0]), zero);
        let high = _mm256_cmpeq_epi16(_mm256_subs_epu16(least, sum[1]), zero);
        *bits = _mm256_movemask_epi8(_mm256_packs_epi16(low, high)).cast_unsigned();
    }
    rows
}

/// 32 numbers, in the order of [`Sums`].
#[inline]
#[target_feature(enable = "avx2")]
fn ordered(numbers: &[u16; LANE]) -> Sums {
    let [low, high]: Sums = transmute!(*numbers);
    [
        _mm256_permute2x128_si256::<0x20>(low, high),
        _mm256_permute2x128_si256::<0x31>(low, high),
    ]
}

#[inline]
#[target_feature(enable = "avx2")]
fn all(number: u16) -> __m256i {
    _mm256_set1_epi16(number.cast_signed())
}

#[inline]
#[target_feature(enable = "avx2")]
fn by_size(points: Sizes, sizes: &[u16; LANE]) -> Sums {
    let [low, high] = ordered(sizes);
    [size_points(points, low), size_points(points, high)]
}

#[inline]
#[target_feature(enable = "avx2")]
fn size_points(points: Sizes, sizes: __m256i) -> __m256i {
    let ours = all(points.ours);
    let away = _mm256_or_si256(_mm256_subs_epu16(sizes, ours), _mm256_subs_epu16(ours, sizes));
    let away = _mm256_slli_epi16::<3>(_mm256_min_epu16(away, all(STEPS)));
    let known = _mm256_subs_epu16(all(points.full), _mm256_mulhi_epu16(away, all(points.slope)));
    let unknown = _mm256_cmpeq_epi16(sizes, all(NO_SIZE));
    _mm256_blendv_epi8(known, all(points.half), unknown)
}

#[inline]
#[target_feature(enable = "avx2")]
fn by_value(points: Values, values: &[u16; LANE]) -> Sums {
    let [low, high] = ordered(values);
    [value_points(points, low), value_points(points, high)]
}

#[inline]
#[target_feature(enable = "avx2")]
fn value_points(points: Values, values: __m256i) -> __m256i {
    let values = _mm256_min_epu16(values, all(FULL as u16));
    let whole = _mm256_mullo_epi16(values, all(points.whole));
    let left = _mm256_mulhi_epu16(_mm256_slli_epi16::<6>(values), all(points.part));
    let rounded = all(u16::from(points.part > 0));
    _mm256_adds_epu16(_mm256_adds_epu16(whole, left), rounded)
}

struct WayTables {
    tongue: [__m256i; 2],
    levels: [__m256i; 2],
    way: [__m256i; 2],
    ours: __m256i,
}

impl WayTables {
    #[inline]
    #[target_feature(enable = "avx2")]
    fn of(ways: &Ways) -> Self {
        Self {
            tongue: halves(&ways.by_tongue),
            levels: halves(&ways.by_levels),
            way: halves(&ways.by_way),
            ours: _mm256_set1_epi8(ways.ours.cast_signed()),
        }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn points(&self, folk: &Folk) -> Sums {
        let zero = _mm256_setzero_si256();
        let tongues: __m256i = transmute!(folk.tongues);
        let wanted: __m256i = transmute!(folk.wanted);
        let partners: __m256i = transmute!(folk.partners);
        let any = _mm256_and_si256(_mm256_cmpeq_epi8(wanted, zero), _mm256_set1_epi8(1));
        let not_ours = _mm256_cmpeq_epi8(_mm256_and_si256(wanted, self.ours), zero);
        let looking = _mm256_andnot_si256(not_ours, _mm256_set1_epi8(2));
        let not_bound = _mm256_cmpeq_epi8(_mm256_and_si256(partners, self.ours), zero);
        let bound = _mm256_andnot_si256(not_bound, _mm256_set1_epi8(4));
        let way = _mm256_or_si256(any, _mm256_or_si256(looking, bound));
        let said = add(
            look_up(&self.tongue, low_half(tongues)),
            look_up(&self.levels, high_half(tongues)),
        );
        add(said, look_up(&self.way, way))
    }
}

/// What the themes of the asking city make of those of others, in tables for both halves of a register.
#[derive(Debug, Clone, Default)]
pub(super) struct ThemeTables {
    ours: [[u8; 32]; 8],
    theirs: [[u8; 32]; 8],
    shared: [[u8; 32]; 4],
    left: [[u8; 32]; 2],
    asked: [[u8; 32]; 2],
    all: [[u8; 32]; 2],
    last: u8,
    goals: u8,
}

fn doubled(table: &[u8; 16]) -> [u8; 32] {
    transmute!([*table, *table])
}

fn doubled_halves(table: &[u16; 16]) -> [[u8; 32]; 2] {
    let bytes = table.map(u16::to_le_bytes);
    [
        doubled(&bytes.map(|[low, _]| low)),
        doubled(&bytes.map(|[_, high]| high)),
    ]
}

impl ThemeTables {
    pub(super) fn of(themes: &Themes) -> Self {
        Self {
            ours: themes.ours.map(|table| doubled(&table)),
            theirs: themes.theirs.map(|table| doubled(&table)),
            shared: themes.shared.map(|table| doubled(&table)),
            left: doubled_halves(&themes.by_left),
            asked: doubled_halves(&themes.by_asked),
            all: doubled_halves(&themes.by_all),
            last: themes.last,
            goals: themes.goals,
        }
    }

    /// The sum of what each half byte of some planes looks up.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn sum(tables: &[[u8; 32]], planes: &[[u8; LANE]]) -> __m256i {
        let mut sum = _mm256_setzero_si256();
        for (tables, bytes) in tables.chunks_exact(2).zip(planes) {
            let bytes: __m256i = transmute!(*bytes);
            let low = _mm256_shuffle_epi8(transmute!(tables[0]), low_half(bytes));
            let high = _mm256_shuffle_epi8(transmute!(tables[1]), high_half(bytes));
            sum = _mm256_add_epi8(sum, _mm256_add_epi8(low, high));
        }
        sum
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn points(&self, lane: &Lane) -> Sums {
        let spread: __m256i = transmute!(lane.spread);
        let ours = times(
            Self::sum(&self.ours, &lane.offers),
            &transmute!(self.left),
            high_half(spread),
        );
        let theirs = times(
            Self::sum(&self.theirs, &lane.needs),
            &transmute!(self.asked),
            low_half(spread),
        );
        let more: __m256i = transmute!(lane.more);
        let last = _mm256_and_si256(more, _mm256_set1_epi8(self.last.cast_signed()));
        let shared = _mm256_add_epi8(Self::sum(&self.shared, &lane.goals), last);
        let theirs_all = _mm256_and_si256(_mm256_srli_epi16::<1>(more), _mm256_set1_epi8(127));
        let goals = _mm256_set1_epi8(self.goals.cast_signed());
        let all = _mm256_sub_epi8(_mm256_add_epi8(goals, theirs_all), shared);
        let goals = times(
            shared,
            &transmute!(self.all),
            _mm256_min_epu8(all, _mm256_set1_epi8(15)),
        );
        add(add(ours, theirs), goals)
    }
}
