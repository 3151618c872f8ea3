//! The same as the plain version, with 32 bytes in one register.

use std::arch::x86_64::{
    __m256i, _MM_HINT_T0, _mm_prefetch, _mm256_add_epi8, _mm256_adds_epu16, _mm256_and_si256, _mm256_andnot_si256,
    _mm256_blendv_epi8, _mm256_cmpeq_epi8, _mm256_cmpeq_epi16, _mm256_max_epu16, _mm256_min_epu8, _mm256_min_epu16,
    _mm256_movemask_epi8, _mm256_mulhi_epu16, _mm256_mullo_epi16, _mm256_or_si256, _mm256_packs_epi16,
    _mm256_permute2x128_si256, _mm256_permute4x64_epi64, _mm256_set1_epi8, _mm256_set1_epi16, _mm256_setzero_si256,
    _mm256_shuffle_epi8, _mm256_slli_epi16, _mm256_srli_epi16, _mm256_sub_epi8, _mm256_sub_epi16, _mm256_subs_epu16,
    _mm256_unpackhi_epi8, _mm256_unpacklo_epi8,
};

use zerocopy::transmute;

use super::super::block::BLOCK;
use super::{FULL, Folk, LANE, Met, NO_SIZE, Reach, STEPS, Sizes, Stated, Themes, Values, Ways};

/// Whether the machine has registers of 32 bytes.
pub(super) fn is_known() -> bool {
    std::arch::is_x86_feature_detected!("avx2")
}

#[expect(unsafe_code, reason = "calls code for machines with AVX2 after asking for it")]
pub(super) fn rows_of(reach: &Reach<'_>, asked: [u32; 8]) -> [u32; 8] {
    assert!(is_known());
    // SAFETY: the machine has AVX2, which is all that `rows` asks for.
    unsafe { rows(reach, asked) }
}

#[expect(unsafe_code, reason = "calls code for machines with AVX2 after asking for it")]
pub(super) fn met(themes: &ThemeTables, stated: &Stated) -> Met {
    assert!(is_known());
    // SAFETY: the machine has AVX2, which is all that `ThemeTables::met` asks for.
    unsafe { themes.met(stated) }
}

#[expect(unsafe_code, reason = "calls code for machines with AVX2 after asking for it")]
pub(super) fn rows_by_themes(themes: &Themes, met: &Met, folks: &[Folk], least: u16) -> [u32; 8] {
    assert!(is_known());
    // SAFETY: the machine has AVX2, which is all that `by_themes` asks for.
    unsafe { by_themes(themes, met, folks, least) }
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

/// Asks memory for something that will be read soon.
#[expect(unsafe_code, reason = "names an address")]
fn fetch(bytes: &[u8; BLOCK]) {
    for line in bytes.as_chunks::<64>().0 {
        // SAFETY: nothing is read or written, and every machine of this kind knows the instruction.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(line.as_ptr().cast()) };
    }
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

/// One bit for each row that has so many points at least.
#[inline]
#[target_feature(enable = "avx2")]
fn reaching(sum: Sums, least: __m256i) -> u32 {
    let reach = sum.map(|sum| _mm256_cmpeq_epi16(_mm256_max_epu16(sum, least), sum));
    _mm256_movemask_epi8(_mm256_packs_epi16(reach[0], reach[1])).cast_unsigned()
}

#[target_feature(enable = "avx2")]
fn by_themes(themes: &Themes, met: &Met, folks: &[Folk], least: u16) -> [u32; 8] {
    let mut rows = [0; 8];
    // Few rows reach it even with all goals in common.
    let before_goals = all(least.saturating_sub(themes.by_goals));
    let least = all(least);
    for (rows, (met, folk)) in rows.iter_mut().zip(met.0.iter().zip(folks)) {
        let met = ordered(met);
        *rows = reaching(met, before_goals);
        if *rows != 0 {
            *rows = reaching(add(met, themes.wide.goals(folk)), least);
        }
    }
    rows
}

#[target_feature(enable = "avx2")]
fn rows(reach: &Reach<'_>, asked: [u32; 8]) -> [u32; 8] {
    let mut rows = [0; 8];
    let (ways, folks) = reach.ways;
    let ways = WayTables::of(ways);
    let least = all(reach.least);
    for (number, (bits, folk)) in rows.iter_mut().zip(folks).enumerate() {
        if asked[number] == 0 {
            continue;
        }
        let mut sum = ways.points(folk);
        if let Some((themes, met)) = reach.themes {
            sum = add(sum, add(ordered(&met.0[number]), themes.wide.goals(folk)));
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
        *bits = reaching(sum, least);
    }
    rows
}

/// 32 numbers, in the order of [`Sums`].
#[inline]
#[target_feature(enable = "avx2")]
fn ordered(numbers: &[u16; LANE]) -> Sums {
    crossed(transmute!(*numbers))
}

/// From the order of rows to that of [`Sums`], and back.
#[inline]
#[target_feature(enable = "avx2")]
fn crossed([low, high]: [__m256i; 2]) -> [__m256i; 2] {
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
    ours: Vec<Half>,
    theirs: Vec<Half>,
    shared: [[u8; 32]; 4],
    left: [[u8; 32]; 2],
    asked: [[u8; 32]; 2],
    all: [[u8; 32]; 2],
    last: u8,
    goals: u8,
}

/// What half of each byte of a plane is looked up in.
#[derive(Debug, Clone)]
struct Half {
    plane: usize,
    /// Whether it is the higher half.
    high: bool,
    table: [u8; 32],
}

/// Those tables of which anything can come.
fn halves_of(tables: &[[u8; 16]; 8]) -> Vec<Half> {
    let some = tables.iter().enumerate().filter(|(_, table)| **table != [0; 16]);
    some.map(|(place, table)| Half {
        plane: place / 2,
        high: place % 2 == 1,
        table: doubled(table),
    })
    .collect()
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
            ours: halves_of(&themes.ours),
            theirs: halves_of(&themes.theirs),
            shared: themes.shared.map(|table| doubled(&table)),
            left: doubled_halves(&themes.by_left),
            asked: doubled_halves(&themes.by_asked),
            all: doubled_halves(&themes.by_all),
            last: themes.last,
            goals: themes.goals,
        }
    }

    /// For each row of a block, the sum of what the half bytes of some planes look up.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn sums(halves: &[Half], planes: &[[u8; BLOCK]; 4]) -> [__m256i; 8] {
        let mut sums = [_mm256_setzero_si256(); 8];
        for half in halves {
            let table: __m256i = transmute!(half.table);
            let lanes: [__m256i; 8] = transmute!(planes[half.plane % 4]);
            for (sum, bytes) in sums.iter_mut().zip(lanes) {
                let index = if half.high { high_half(bytes) } else { low_half(bytes) };
                *sum = _mm256_add_epi8(*sum, _mm256_shuffle_epi8(table, index));
            }
        }
        sums
    }

    /// Asks for the planes that will be looked up.
    pub(super) fn fetch(&self, stated: &Stated) {
        for (halves, planes) in [(&self.ours, &stated.offers), (&self.theirs, &stated.needs)] {
            // Of both halves of a byte only the first asks.
            let mut before = None;
            for half in halves {
                if before != Some(half.plane) {
                    fetch(&planes[half.plane % 4]);
                }
                before = Some(half.plane);
            }
        }
        fetch(&stated.spread);
    }

    #[target_feature(enable = "avx2")]
    fn met(&self, stated: &Stated) -> Met {
        let ours = Self::sums(&self.ours, &stated.offers);
        let theirs = Self::sums(&self.theirs, &stated.needs);
        let spread: [__m256i; 8] = transmute!(stated.spread);
        let (left, asked) = (transmute!(self.left), transmute!(self.asked));
        let mut met = Met([[0; LANE]; 8]);
        for (lane, met) in met.0.iter_mut().enumerate() {
            let ours = times(ours[lane], &left, high_half(spread[lane]));
            let theirs = times(theirs[lane], &asked, low_half(spread[lane]));
            *met = transmute!(crossed(add(ours, theirs)));
        }
        met
    }

    /// Points for goals in common.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn goals(&self, folk: &Folk) -> Sums {
        let more: __m256i = transmute!(folk.more);
        let mut shared = _mm256_and_si256(more, _mm256_set1_epi8(self.last.cast_signed()));
        for (tables, goals) in self.shared.as_chunks::<2>().0.iter().zip(folk.goals) {
            let goals: __m256i = transmute!(goals);
            let low = _mm256_shuffle_epi8(transmute!(tables[0]), low_half(goals));
            let high = _mm256_shuffle_epi8(transmute!(tables[1]), high_half(goals));
            shared = _mm256_add_epi8(shared, _mm256_add_epi8(low, high));
        }
        let theirs_all = _mm256_and_si256(_mm256_srli_epi16::<1>(more), _mm256_set1_epi8(127));
        let goals = _mm256_set1_epi8(self.goals.cast_signed());
        let all = _mm256_sub_epi8(_mm256_add_epi8(goals, theirs_all), shared);
        times(
            shared,
            &transmute!(self.all),
            _mm256_min_epu8(all, _mm256_set1_epi8(15)),
        )
    }
}
