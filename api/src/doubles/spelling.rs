//! Names as they are compared: folded, transliterated, without what sources add to them. Pure.

use strsim::normalized_damerau_levenshtein;

use crate::directory::fold::fold;

/// A residue shorter than this says nothing by being similar.
const SHORT: usize = 4;
/// The least likeness that is one.
const ALIKE: f64 = 0.75;

/// How two names relate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Likeness {
    /// The same, whatever accents, case and punctuation.
    Same,
    /// Two spellings or transliterations of one name.
    Spelling,
    /// The same, one of them with what it lies in.
    Qualified,
    /// The same, one of them as a community.
    Community,
    /// A slip of the pen apart: the share of what is the same.
    Similar(f64),
    /// One begins with the other.
    Longer,
    /// Two names.
    Different,
    /// Names that cannot be of one authority: a town and its district, two places of one name.
    Apart,
}

/// A name, ready to be compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Spelling {
    /// The folded words, in order of the alphabet, each once.
    words: Vec<String>,
    /// The same by sound.
    sounds: Vec<String>,
    /// The sounds of the name alone.
    bare: Vec<String>,
    /// The sounds of what it lies in.
    within: Vec<String>,
    /// The sounds without articles and prepositions.
    core: Vec<String>,
    /// All sounds in the order of the name, without gaps.
    joined: String,
    is_community: bool,
    is_part: bool,
    is_around: bool,
}

/// Words that say what kind of community it is, which sources add or leave out.
const COMMUNITY: &[&str] = &[
    "hromada",
    "hromady",
    "terytorialna",
    "territorial",
    "community",
    "urban",
    "rural",
    "miska",
    "selyshchna",
    "silska",
    "municipality",
    "commune",
    "gmina",
    "town",
    "obshtina",
    "opstina",
    "comune",
    "gemeinde",
];
/// Words that make it another authority.
const PART: &[&str] = &[
    "oblast",
    "province",
    "region",
    "voivodeship",
    "prefecture",
    "governorate",
    "county",
    "department",
    "district",
    "raion",
    "rayon",
    "okrug",
    "powiat",
    "canton",
    "metropolis",
    "metropole",
    "agglomeration",
    "bezirk",
    "landkreis",
    "kreis",
    "township",
    "ao",
    "communaute",
    "intercommunality",
    "authority",
];
/// Words that go with those, and name no place.
const GOVERNMENT: &[&str] = &["local", "government"];
/// What a Polish commune is called that surrounds a town of its name and is not it.
const AROUND: &[&str] = &["rural gmina", "gmina wiejska"];
/// Titles that stand before a name, with a preposition between: `City of Lund`, `Ville de Thiers`.
const TITLES_OF: &[&str] = &[
    "city",
    "ville",
    "municipio",
    "ayuntamiento",
    "concello",
    "ciudad",
    "cidade",
    "citta",
];
/// Prepositions between a title and a name.
const OF: &[&str] = &["of", "de", "d", "di", "do", "da", "du", "des", "del", "della"];
/// Titles that stand right before a name: `Stadt Hof`, `місто Суми`.
const TITLES: &[&str] = &[
    "stadt",
    "hansestadt",
    "landeshauptstadt",
    "marktgemeinde",
    "stadtgemeinde",
    "gemeente",
    "miasto",
    "misto",
    "municipiul",
    "orasul",
    "bashkia",
    "grad",
];
/// Titles that stand after a name: `Cebu City`, `Bergen kommune`.
const TITLES_AFTER: &[&str] = &["city", "kommune", "kommun", "stad"];
/// Articles and prepositions, which sources add, leave out and change: `Le Chambon`, `Frankfurt/Main`.
const LINKS: &[&str] = &[
    "a", "aan", "al", "am", "an", "bei", "d", "da", "das", "de", "del", "dem", "den", "der", "des", "di", "die", "do",
    "du", "el", "en", "il", "im", "in", "l", "la", "las", "le", "les", "los", "na", "nad", "of", "on", "op", "sous",
    "sur", "the", "upon",
];
/// Words that tell neighbours apart.
const APART: &[&str] = &[
    "north", "south", "east", "west", "nord", "sud", "est", "ouest", "upper", "lower", "great", "little", "grand",
    "grande", "petit", "petite", "ober", "unter", "nieder", "gross", "klein", "gorna", "dolna", "gornja", "donja",
    "gornji", "donji", "horni", "dolni", "velke", "velka", "male", "mala", "stary", "stara", "stare", "novy", "nova",
    "nove", "new", "old", "nuevo", "nueva", "alto", "alta", "bajo", "baja", "haut", "haute", "bas", "basse", "central",
    "centre",
];

impl Spelling {
    /// A name as it is written.
    pub(super) fn of(name: &str) -> Self {
        let (bare, within) = split(name);
        let mut is_community = false;
        let mut is_part = false;
        let mut is_around = false;
        let mut take = |text: &str, lies_in: bool| -> Vec<String> {
            let folded = fold(text);
            let mut kept = Vec::new();
            let mut names_part = false;
            is_around |= AROUND.iter().any(|around| folded.contains(around));
            for word in folded.split(' ').filter(|word| !word.is_empty()) {
                if COMMUNITY.contains(&word) {
                    is_community = true;
                } else if PART.contains(&word) {
                    names_part = true;
                } else {
                    kept.push(one_saint(word));
                }
            }
            // `Celle (district)` is one, `Doksy (Česká Lípa District)` lies in one.
            is_part |= names_part && !(lies_in && kept.iter().any(|word| !GOVERNMENT.contains(word)));
            let name = untitled(&kept);
            is_community |= name.len() < kept.len();
            name.iter().map(|&word| word.to_owned()).collect()
        };
        let bare_words = take(bare, false);
        let within_words = take(within, true);
        let joined = bare_words.iter().chain(&within_words).map(|word| sound(word)).collect();
        let sounds_of = |words: &[String]| sorted(words.iter().map(|word| sound(word)).collect());
        let all: Vec<String> = bare_words.iter().chain(&within_words).cloned().collect();
        Self {
            sounds: sounds_of(&all),
            core: core(all.iter().map(String::as_str)),
            bare: sounds_of(&bare_words),
            within: sounds_of(&within_words),
            words: sorted(all),
            joined,
            is_community,
            is_part,
            is_around,
        }
    }

    /// By what names that may be the same are found: the sounds of all, of the name alone, and without articles and prepositions.
    pub(super) fn keys(&self) -> Vec<String> {
        let mut keys = vec![self.joined_sorted(), self.joined.clone()];
        keys.push(self.bare.concat());
        keys.push(self.core.concat());
        keys.sort_unstable();
        keys.dedup();
        keys.retain(|key| !key.is_empty());
        keys
    }

    /// Whether the other name goes on after this one.
    fn begins(&self, other: &Self) -> bool {
        other.joined.starts_with(&self.joined) && self.within.is_empty() && other.within.is_empty()
    }

    fn joined_sorted(&self) -> String {
        self.sounds.concat()
    }

    /// Whether a folded name can have the same words at all: cheaper than to spell it.
    pub(super) fn may_be(&self, folded: &str) -> bool {
        // A saint is written in several ways.
        let is_in = |word: &String| word == "saint" || folded.contains(word.as_str());
        self.words.iter().all(is_in)
    }

    /// All sounds in the order of the name.
    pub(super) fn joined(&self) -> &str {
        &self.joined
    }

    /// How it relates to another name.
    pub(super) fn likeness(&self, other: &Self) -> Likeness {
        if self.words.is_empty() || other.words.is_empty() {
            return Likeness::Different;
        }
        if self.is_part != other.is_part || self.is_around != other.is_around {
            return Likeness::Apart;
        }
        let same_unit = self.is_community == other.is_community;
        if self.words == other.words {
            return if same_unit { Likeness::Same } else { Likeness::Community };
        }
        if self.sounds == other.sounds || self.joined == other.joined || self.core == other.core {
            return if same_unit {
                Likeness::Spelling
            } else {
                Likeness::Community
            };
        }
        if self.bare == other.bare {
            let shares = self.within.iter().any(|word| other.within.contains(word));
            return if self.within.is_empty() || other.within.is_empty() || shares {
                Likeness::Qualified
            } else {
                Likeness::Apart
            };
        }
        let (own, others) = (
            without(&self.sounds, &other.sounds),
            without(&other.sounds, &self.sounds),
        );
        if own.iter().chain(&others).any(|word| tells_apart(word)) {
            return Likeness::Apart;
        }
        if own.is_empty() || others.is_empty() {
            return if self.begins(other) || other.begins(self) {
                Likeness::Longer
            } else {
                Likeness::Different
            };
        }
        let (own, others) = (own.concat(), others.concat());
        if own.len().min(others.len()) < SHORT || own.as_bytes()[0] != others.as_bytes()[0] {
            return Likeness::Different;
        }
        let share = normalized_damerau_levenshtein(&own, &others);
        if share >= ALIKE {
            Likeness::Similar(share)
        } else {
            Likeness::Different
        }
    }
}

/// A name without its title.
fn untitled<'a, 'b>(words: &'b [&'a str]) -> &'b [&'a str] {
    let name = match words {
        [title, of, name @ ..] if TITLES_OF.contains(title) && OF.contains(of) && !name.is_empty() => name,
        [title, name @ ..] if TITLES.contains(title) && !name.is_empty() => name,
        _ => words,
    };
    match name {
        [name @ .., title] if TITLES_AFTER.contains(title) && !name.is_empty() => name,
        _ => name,
    }
}

/// The sounds of a name without articles and prepositions, in order of the alphabet; of all where it has nothing else.
fn core<'a>(words: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
    let told: Vec<String> = words.clone().filter(|word| !LINKS.contains(word)).map(sound).collect();
    sorted(if told.is_empty() {
        words.map(sound).collect()
    } else {
        told
    })
}

fn sorted(mut words: Vec<String>) -> Vec<String> {
    words.sort_unstable();
    words.dedup();
    words
}

fn without(of: &[String], other: &[String]) -> Vec<String> {
    of.iter().filter(|word| !other.contains(word)).cloned().collect()
}

fn tells_apart(word: &str) -> bool {
    APART.contains(&word)
        || word.bytes().any(|byte| byte.is_ascii_digit())
        || word
            .bytes()
            .all(|byte| matches!(byte, b'i' | b'v' | b'x' | b'k' | b's'))
}

/// The name alone, and what it lies in: `Bonn (NRW)`, `Sarajevo – Novi Grad`, `Paris, Texas`.
fn split(name: &str) -> (&str, &str) {
    if let Some((bare, within)) = name.split_once('(') {
        return (bare, within);
    }
    for dash in [" – ", " — ", " - "] {
        if let Some((within, bare)) = name.rsplit_once(dash) {
            return (bare, within);
        }
    }
    name.split_once(',').unwrap_or((name, ""))
}

/// The keys of a name that is folded already, as [`Spelling::keys`] has them: nothing is folded again, and nothing else is made of
/// it. A directory has several times as many other names as names.
pub(super) fn keys_of_folded(name: &str) -> Vec<String> {
    let words: Vec<&str> = name
        .split(' ')
        .filter(|word| !word.is_empty() && !COMMUNITY.contains(word) && !PART.contains(word))
        .map(one_saint)
        .collect();
    let words = untitled(&words);
    let sounds: Vec<String> = words.iter().map(|word| sound(word)).collect();
    let mut keys = vec![sounds.concat()];
    let mut add = |key: String| {
        if !keys.contains(&key) {
            keys.push(key);
        }
    };
    add(sorted(sounds).concat());
    if words.iter().any(|word| LINKS.contains(word)) {
        add(core(words.iter().copied()).concat());
    }
    keys.retain(|key| !key.is_empty());
    keys
}

/// A saint is written in several ways.
fn one_saint(word: &str) -> &str {
    if matches!(word, "sankt" | "sant") {
        "saint"
    } else {
        word
    }
}

/// What is written for one sound in several ways, one way: `Boyarka` and `Boiarka`, `Krementchouk` and `Kremenchuk`.
const SOUNDS: &[(&str, &str)] = &[
    ("shch", "s"),
    ("tsch", "c"),
    ("tch", "c"),
    ("sch", "s"),
    ("sh", "s"),
    ("ch", "c"),
    ("kh", "h"),
    ("zh", "z"),
    ("gh", "g"),
    ("ph", "f"),
    ("th", "t"),
    ("ck", "k"),
    ("ts", "c"),
    ("tz", "c"),
    ("ou", "u"),
    ("oo", "u"),
    ("ue", "u"),
    ("oe", "o"),
    ("ae", "a"),
    ("mb", "nb"),
    ("mp", "np"),
];

/// A folded word by its sound.
fn sound(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let (taken, sound) = begins_a_sound(first)
            .then(|| SOUNDS.iter().find(|(written, _)| rest.starts_with(written)))
            .flatten()
            .map_or_else(
                || (first.len_utf8(), single(first)),
                |(written, sound)| (written.len(), *sound),
            );
        rest = &rest[taken..];
        if sound.is_empty() {
            out.push(first);
        }
        for c in sound.chars() {
            if !out.ends_with(c) {
                out.push(c);
            }
        }
    }
    out
}

/// Whether one of [`SOUNDS`] begins with this letter.
const fn begins_a_sound(letter: char) -> bool {
    matches!(letter, 'a' | 'c' | 'g' | 'k' | 'm' | 'o' | 'p' | 's' | 't' | 'u' | 'z')
}

fn single(c: char) -> &'static str {
    match c {
        'y' | 'j' => "i",
        'w' => "v",
        'q' => "k",
        'x' => "ks",
        'a' => "a",
        'b' => "b",
        'c' => "c",
        'd' => "d",
        'e' => "e",
        'f' => "f",
        'g' => "g",
        'h' => "h",
        'i' => "i",
        'k' => "k",
        'l' => "l",
        'm' => "m",
        'n' => "n",
        'o' => "o",
        'p' => "p",
        'r' => "r",
        's' => "s",
        't' => "t",
        'u' => "u",
        'v' => "v",
        'z' => "z",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(a: &str, b: &str) -> Likeness {
        let (a, b) = (Spelling::of(a), Spelling::of(b));
        assert_eq!(a.likeness(&b), b.likeness(&a), "whichever stands first");
        a.likeness(&b)
    }

    #[test]
    fn one_name_is_seen_through_accents_scripts_and_transliterations() {
        for (a, b) in [
            ("Saint-Cyr-Sur-Loire", "Saint-Cyr-sur-Loire"),
            ("Piteşti", "Pitești"),
            ("Sankt Valentin", "St. Valentin"),
            ("Кременчук", "Kremenchuk"),
            ("Berlin – Mitte", "Mitte (Berlin)"),
        ] {
            assert_eq!(likeness(a, b), Likeness::Same, "{a}, {b}");
        }
        for (a, b) in [
            ("Boiarka", "Boyarka"),
            ("Kremenchuk", "Krementchouk"),
            ("Mombetsu", "Monbetsu"),
            ("Vagarshapat", "Vagharshapat"),
            ("Krumpendorf am Wörther See", "Krumpendorf am Wörthersee"),
            // As RESACOOP writes it, and as INSEE does.
            ("Chambon-sur-Lignon", "Le Chambon-sur-Lignon"),
            ("Frankfurt/Main", "Frankfurt am Main"),
            ("Newcastle on Tyne", "Newcastle upon Tyne"),
        ] {
            assert_eq!(likeness(a, b), Likeness::Spelling, "{a}, {b}");
        }
        assert_eq!(likeness("Köthen", "Köthen (Anhalt)"), Likeness::Qualified);
        assert_eq!(likeness("Doksy", "Doksy (Česká Lípa District)"), Likeness::Qualified);
        for (a, b) in [
            ("Бояркa", "Boiarka hromada"),
            ("Ville de Thiers", "Thiers"),
            ("City of Lund", "Lund"),
            ("місто Суми", "Sumy"),
            ("Cebu City", "Cebu"),
            ("Landeshauptstadt Dresden", "Dresden"),
            ("Comune di Prato", "Prato"),
        ] {
            assert_eq!(likeness(a, b), Likeness::Community, "{a}, {b}");
        }
        assert_eq!(likeness("Giengen", "Giengen an der Brenz"), Likeness::Longer);
        assert!(matches!(likeness("Baranavichy", "Baranovichi"), Likeness::Similar(share) if share > 0.8));
    }

    #[test]
    fn a_folded_name_has_the_keys_of_its_spelling() {
        for name in [
            "Кременчук",
            "Sankt Valentin",
            "Köthen (Anhalt)",
            "Sarajevo – Novi Grad",
            "Boiarka hromada",
            "Düren (district)",
            "Saint-Cyr-sur-Loire",
            "L'Haÿ-les-Roses",
            "東京",
            "Ville de Thiers",
            "Le Chambon-sur-Lignon",
            "Cebu City",
            "De la",
            "hromada",
            "",
        ] {
            let folded = fold(name);
            let mut made = keys_of_folded(&folded);
            made.sort_unstable();
            assert_eq!(made, Spelling::of(&folded).keys(), "{name}");
        }
        for (written, _) in SOUNDS {
            assert!(written.starts_with(begins_a_sound), "{written}");
        }
    }

    #[test]
    fn neighbours_and_parts_are_told_apart() {
        for (a, b) in [
            ("East Hendred", "West Hendred"),
            ("Prague 1", "Prague 15"),
            ("Budapest II", "Budapest XIII"),
            ("Düren", "Düren (district)"),
            ("Winchester", "Winchester (local government district)"),
            ("Mitte (Berlin)", "Mitte (Hamburg)"),
            ("Peremyshliany", "Peremyshliany Raion"),
            ("Bergerac", "Bergerac (communauté)"),
            ("Dębica", "Dębica (rural gmina)"),
            ("Sanok County", "Sanok (rural gmina)"),
        ] {
            assert_eq!(likeness(a, b), Likeness::Apart, "{a}, {b}");
        }
        // A number is no article.
        assert_eq!(likeness("Nioko", "Nioko I"), Likeness::Apart);
        for (a, b) in [
            ("Neunkirchen am Brand", "Neunkirchen am Sand"),
            ("Ars-sur-Moselle", "Ay-sur-Moselle"),
            ("Rudy (Kuźnia Raciborska)", "Kuźnia Raciborska"),
            ("Lyon", "Grenoble"),
        ] {
            assert_eq!(likeness(a, b), Likeness::Different, "{a}, {b}");
        }
    }
}
