//! What the finished web app consists of, and the page that names it all.
//!
//! | part | from | to |
//! |---|---|---|
//! | style | `web/style/*.css`, in the order of their names | `assets/style.<hash>.css` |
//! | app | the `web` crate | `assets/app.<hash>.{js,wasm}` |
//! | its parts | the `web` crate, `web/parts.js` | `assets/parts.<hash>.js`, `assets/<part>.<hash>.pack` |
//! | start | `web/loader.js` | `assets/loader.<hash>.js` |
//! | words | `web/locales/<lang>.json` | `i18n/<lang>.<hash>.json` |
//! | data | `web/public/**/*.json` | the same path with a hash |
//! | what the style or the page names | `web/public/**` | the same path with a hash |
//! | the rest | `web/public/**` | the same path |
//! | API reference | Redoc | `docs/index.html`, `docs/redoc.<hash>.js` |
//!
//! Which packs a part needs stands in `<meta name="part-<part>" content="/assets/….pack …">`, so that the loader can fetch them beside the main
//! module instead of after it. The app finds words and data through `<meta name="i18n-fr" content="/i18n/fr.<hash>.json">`: the name is the path without
//! hash and ending, `-` for `/`.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::npm;
use crate::web::bundle::{Bundle, content_hash};
use crate::web::packs::{self, Packs};
use crate::web::parts;
use crate::web::slim;
use crate::web::wasm::App;
use crate::workspace::Workspace;

/// Between these two lines of `web/index.html` stands what `trunk serve` needs; our build puts the hashed names there.
const BEGIN: &str = "<!-- assets:begin -->";
const END: &str = "<!-- assets:end -->";

/// Where the build tells `web/parts.js` of the packs.
const NO_PACKS: &str = "const PACKS = {};";

/// How `web/loader.js` calls the glue before it has its name.
const GLUE_IMPORT: &str = "\"./app.js\"";

/// Redoc shows its makers' logo from their server. The page shall ask nobody but us; the link beside the picture stays.
const REDOC_PICTURE: &str = "https://cdn.redoc.ly/redoc/logo-mini.svg";
const EMPTY_PICTURE: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E";

/// The page of the API reference, before it knows the hashed names.
const REFERENCE_PAGE: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Passerelle API</title>
<meta name="description" content="The REST API of Passerelle: every operation, every field, every problem.">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
</head>
<body>
<redoc spec-url="/api/v1/openapi.json" scroll-y-offset="0" native-scrollbars="true" sort-props-alphabetically="false"></redoc>
<noscript><p>The reference needs JavaScript. The document itself: <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</p></noscript>
<script src="/docs/redoc.js"></script>
</body>
</html>
"#;

/// By part: the paths of the packs that hold it.
type Needs = Vec<(String, Vec<String>)>;

/// The addresses that `index.html` names.
struct Names {
    style: String,
    loader: String,
    glue: String,
    module: String,
    /// The packs of the parts.
    parts: Needs,
    /// By path without hash: the address with hash.
    assets: Vec<(String, String)>,
}

/// Puts every file of the web app into the bundle.
pub(super) fn assemble(workspace: &Workspace, bundle: &mut Bundle, app: App, dev: bool) -> Result<()> {
    let web = workspace.web();
    let mut assets = Vec::new();
    for locale in files_with_extension(&web.join("locales"), "json")? {
        let path = format!("i18n/{}", file_name(&locale));
        let hashed = bundle.add_hashed(&path, compact_json(&locale)?);
        assets.push((path, hashed));
    }
    let mut style = concatenated_style(&web.join("style"))?;
    let mut page = fs::read_to_string(web.join("index.html")).context("web/index.html is missing")?;
    let mut reference = REFERENCE_PAGE.to_owned();
    for file in files_below(&web.join("public"))? {
        let path = relative(&web.join("public"), &file);
        if path.ends_with(".json") {
            let hashed = bundle.add_hashed(&path, compact_json(&file)?);
            assets.push((path, hashed));
            continue;
        }
        let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let quoted = format!("\"/{path}\"");
        if [&style, &page, &reference].iter().any(|text| text.contains(&quoted)) {
            let hashed = format!("\"/{}\"", bundle.add_hashed(&path, content));
            for text in [&mut style, &mut page, &mut reference] {
                *text = text.replace(&quoted, &hashed);
            }
        } else {
            bundle.add(&path, content);
        }
    }
    let style = bundle.add_hashed("assets/style.css", style.into_bytes());

    let mut glue = app.glue;
    for (path, content) in app.snippets {
        let hashed = bundle.add_hashed(&format!("assets/{}", path.replace('/', "-")), content);
        glue = glue.replace(&format!("./{path}"), &format!("/{hashed}"));
    }
    let parts = add_packs(bundle, packs::pack(&app.parts.modules, &app.parts.needs)?);
    let linker = fs::read_to_string(web.join("parts.js")).context("web/parts.js is missing")?;
    let mut linker = fill_linker(&linker, &parts)?;
    if !dev {
        linker = slim::minified(workspace, &linker)?;
    }
    let glue = add_scripts(bundle, glue, &linker);
    let module = bundle.add_hashed("assets/app.wasm", app.module);
    let loader = fs::read_to_string(web.join("loader.js")).context("web/loader.js is missing")?;
    let loader = bundle.add_hashed("assets/loader.js", fill_loader(&loader, &glue)?.into_bytes());

    add_reference(workspace, bundle, &reference)?;
    let page = fill_page(
        &page,
        &Names {
            style,
            loader,
            glue,
            module,
            parts,
            assets,
        },
    )?;
    bundle.add("index.html", page.into_bytes());
    Ok(())
}

/// Adds the packs of the parts; answers with their paths by part.
fn add_packs(bundle: &mut Bundle, packs: Packs) -> Needs {
    let paths: BTreeMap<String, String> = packs
        .files
        .into_iter()
        .map(|(name, content)| {
            let path = bundle.add_hashed(&format!("assets/{name}.pack"), content);
            (name, path)
        })
        .collect();
    packs
        .needs
        .into_iter()
        .map(|(part, names)| (part, names.iter().filter_map(|name| paths.get(name).cloned()).collect()))
        .collect()
}

/// Adds the glue and the script that fetches parts; answers with the glue's path.
///
/// They import each other, so neither can be named by its content alone: both carry the hash of both.
fn add_scripts(bundle: &mut Bundle, glue: String, linker: &str) -> String {
    let hash = content_hash(&[glue.as_bytes(), linker.as_bytes()].concat());
    let (glue_path, linker_path) = (format!("assets/app.{hash}.js"), format!("assets/parts.{hash}.js"));
    // Elsewhere the same text is the name under which the module knows the script, and stays.
    let mut named = glue;
    for import in ["from ", "from"] {
        named = named.replace(
            &format!("{import}\"{}\"", parts::LINKER),
            &format!("from\"/{linker_path}\""),
        );
    }
    bundle.add(&glue_path, named.into_bytes());
    bundle.add(
        &linker_path,
        linker.replace(parts::GLUE, &format!("/{glue_path}")).into_bytes(),
    );
    glue_path
}

/// Tells the script that fetches parts where their packs are, and gives the glue a function for each part.
fn fill_linker(linker: &str, needs: &Needs) -> Result<String> {
    let Some((head, tail)) = linker.split_once(NO_PACKS) else {
        bail!("web/parts.js has no line {NO_PACKS}")
    };
    let mut packs = String::new();
    let mut exports = String::new();
    for (part, paths) in needs {
        let addresses: Vec<String> = paths.iter().map(|path| format!("\"/{path}\"")).collect();
        let _ = write!(packs, "{part}: [{}], ", addresses.join(", "));
        let _ = writeln!(exports, "export const __wasm_split_load_{part} = load(\"{part}\");");
    }
    Ok(format!("{head}const PACKS = {{ {packs}}};{tail}{exports}"))
}

/// All style sheets in one, in the order of their names. Each sheet repeats the order of the layers, so that this order decides nothing.
fn concatenated_style(directory: &Path) -> Result<String> {
    let mut style = String::new();
    for sheet in files_with_extension(directory, "css")? {
        style.push_str(&fs::read_to_string(&sheet).with_context(|| format!("cannot read {}", sheet.display()))?);
        style.push('\n');
    }
    Ok(without_comments(&style))
}

/// A style sheet as the browser needs it. No string of ours contains the sign that opens a comment.
fn without_comments(style: &str) -> String {
    let mut rest = style;
    let mut kept = String::with_capacity(style.len());
    while let Some((before, comment)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept.lines().map(str::trim).filter(|line| !line.is_empty()).fold(
        String::with_capacity(kept.len()),
        |mut lines, line| {
            lines.push_str(line);
            lines.push('\n');
            lines
        },
    )
}

fn files_with_extension(directory: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let Ok(entries) = directory.read_dir() else {
        return Ok(Vec::new());
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension() == Some(OsStr::new(extension)) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// Reads JSON, so that a broken file stops the build, and leaves the blanks out.
fn compact_json(path: &Path) -> Result<Vec<u8>> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let value: Value = serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))?;
    Ok(serde_json::to_vec(&value)?)
}

/// Every file below a directory, sorted; nothing where there is no such directory.
fn files_below(directory: &Path) -> Result<Vec<PathBuf>> {
    let Ok(entries) = directory.read_dir() else {
        return Ok(Vec::new());
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn relative(directory: &Path, file: &Path) -> String {
    file.strip_prefix(directory)
        .unwrap_or(file)
        .to_string_lossy()
        .replace(MAIN_SEPARATOR, "/")
}

/// The API reference: one page and one script, both ours to serve.
fn add_reference(workspace: &Workspace, bundle: &mut Bundle, page: &str) -> Result<()> {
    let path = npm::file(workspace, "redoc/bundles/redoc.standalone.js")?;
    let script = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let script = bundle.add_hashed("docs/redoc.js", without_foreign_picture(&script)?.into_bytes());
    bundle.add("docs/index.html", page.replace("docs/redoc.js", &script).into_bytes());
    Ok(())
}

fn without_foreign_picture(script: &str) -> Result<String> {
    if !script.contains(REDOC_PICTURE) {
        bail!("this Redoc names its logo otherwise: see which third party it would ask, and change REDOC_PICTURE");
    }
    let script = script.replace(REDOC_PICTURE, EMPTY_PICTURE);
    // Its source map is not served.
    Ok(script
        .lines()
        .filter(|line| !line.starts_with("//# sourceMappingURL="))
        .collect::<Vec<_>>()
        .join("\n"))
}

/// Tells the loader the hashed name of the glue that it imports.
fn fill_loader(loader: &str, glue: &str) -> Result<String> {
    if loader.matches(GLUE_IMPORT).count() != 1 {
        bail!("web/loader.js must import the glue once, as {GLUE_IMPORT}");
    }
    Ok(loader.replace(GLUE_IMPORT, &format!("\"/{glue}\"")))
}

/// Puts the hashed names into the page.
fn fill_page(page: &str, names: &Names) -> Result<String> {
    let Some((head, rest)) = page.split_once(BEGIN) else {
        bail!("web/index.html has no line {BEGIN}")
    };
    let Some((_, tail)) = rest.split_once(END) else {
        bail!("web/index.html has no line {END}")
    };
    let mut links = format!(
        r#"<link rel="stylesheet" href="/{}">
<link rel="preload" href="/{}" as="fetch" type="application/wasm" crossorigin>
<link rel="modulepreload" href="/{}">
"#,
        names.style, names.module, names.glue
    );
    for (part, packs) in &names.parts {
        let addresses: Vec<String> = packs.iter().map(|path| format!("/{path}")).collect();
        let _ = writeln!(links, r#"<meta name="part-{part}" content="{}">"#, addresses.join(" "));
    }
    for (path, address) in &names.assets {
        let _ = writeln!(links, r#"<meta name="{}" content="/{address}">"#, meta_name(path));
    }
    let _ = write!(links, r#"<script type="module" src="/{}"></script>"#, names.loader);
    Ok(format!("{head}{links}{tail}"))
}

/// The parts that a finished page names, with the paths of the packs that hold each.
pub(super) fn parts_of(page: &str) -> BTreeMap<String, Vec<String>> {
    let metas = page.split("<meta name=\"part-").skip(1);
    metas
        .filter_map(|meta| {
            let (part, rest) = meta.split_once('"')?;
            let content = rest.split('"').nth(1)?;
            let paths = content.split(' ').filter(|path| !path.is_empty());
            Some((
                part.to_owned(),
                paths.map(|path| path.trim_start_matches('/').to_owned()).collect(),
            ))
        })
        .collect()
}

/// The parts that the pages of each line in the loader's table fetch together: `[/^\/review$/, ["calls"]],`.
pub(super) fn parts_of_pages(loader: &str) -> Result<Vec<Vec<String>>> {
    let table = loader
        .split_once("const PARTS = [\n")
        .and_then(|(_, rest)| rest.split_once("\n];"))
        .context("web/loader.js has no table PARTS")?;
    Ok(table
        .0
        .lines()
        .map(|line| {
            let list = line.rsplit('[').next().unwrap_or_default();
            list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
        })
        .collect())
}

/// `i18n/fr.json` is `i18n-fr` to the app.
fn meta_name(path: &str) -> String {
    path.rsplit_once('.').map_or(path, |(stem, _)| stem).replace('/', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names {
            style: "assets/style.1.css".to_owned(),
            loader: "assets/loader.2.js".to_owned(),
            glue: "assets/app.3.js".to_owned(),
            module: "assets/app.4.wasm".to_owned(),
            parts: vec![(
                "cities".to_owned(),
                vec!["assets/shared.6.pack".to_owned(), "assets/cities.7.pack".to_owned()],
            )],
            assets: vec![("i18n/fr.json".to_owned(), "i18n/fr.5.json".to_owned())],
        }
    }

    #[test]
    fn the_page_names_every_hashed_file_and_no_line_of_trunk() {
        let page = "<head><!-- assets:begin -->\n<link data-trunk rel=\"rust\">\n<!-- assets:end --></head>";
        let filled = fill_page(page, &names()).unwrap();
        for name in ["style.1.css", "loader.2.js", "app.3.js", "app.4.wasm"] {
            assert!(filled.contains(name), "{name} in {filled}");
        }
        assert!(
            filled.contains(r#"<meta name="i18n-fr" content="/i18n/fr.5.json">"#),
            "{filled}"
        );
        assert!(
            filled.contains(r#"<meta name="part-cities" content="/assets/shared.6.pack /assets/cities.7.pack">"#),
            "{filled}"
        );
        assert!(!filled.contains("trunk"), "{filled}");
    }

    #[test]
    fn a_page_without_the_place_for_names_is_refused() {
        assert!(fill_page("<head></head>", &names()).is_err());
    }

    #[test]
    fn a_style_sheet_travels_without_its_comments() {
        assert_eq!(
            without_comments("/* why */\na {\n  color: red; /* warm */\n}\n/* open"),
            "a {\ncolor: red;\n}\n"
        );
    }

    #[test]
    fn the_loader_imports_the_hashed_glue() {
        let filled = fill_loader("import init from \"./app.js\";", "assets/app.3.js").unwrap();
        assert_eq!(filled, "import init from \"/assets/app.3.js\";");
        assert!(fill_loader("start()", "assets/app.3.js").is_err());
    }

    #[test]
    fn scripts_that_import_each_other_carry_the_same_hash_and_find_each_other() {
        let mut bundle = Bundle::default();
        let glue = "import * as parts from \"./parts.js\"; given = { \"./parts.js\": parts };".to_owned();
        let glue = add_scripts(&mut bundle, glue, "import { initSync } from \"./app.js\";");
        let linker = glue.replace("app", "parts");
        assert_eq!(
            bundle.text(&glue),
            format!("import * as parts from\"/{linker}\"; given = {{ \"./parts.js\": parts }};")
        );
        assert_eq!(bundle.text(&linker), format!("import {{ initSync }} from \"/{glue}\";"));
    }

    #[test]
    fn the_script_of_the_parts_learns_where_their_packs_are() {
        let mut bundle = Bundle::default();
        let packs = Packs {
            files: BTreeMap::from([("cities".to_owned(), vec![0])]),
            needs: BTreeMap::from([("cities".to_owned(), vec!["cities".to_owned()])]),
        };
        let needs = add_packs(&mut bundle, packs);
        assert_eq!(
            fill_linker("const PACKS = {};\n", &needs).unwrap(),
            format!(
                "const PACKS = {{ cities: [\"/{}\"], }};\nexport const __wasm_split_load_cities = load(\"cities\");\n",
                needs[0].1[0]
            )
        );
    }

    #[test]
    fn the_script_of_the_parts_has_a_place_for_their_packs() {
        let script = include_str!("../../../../web/parts.js");
        assert!(fill_linker(script, &Vec::new()).is_ok() && script.contains(parts::GLUE));
        assert!(fill_linker("load()", &Vec::new()).is_err());
    }

    #[test]
    fn no_page_of_ours_has_an_inline_script() {
        let index = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/index.html")).unwrap();
        for page in [fill_page(&index, &names()).unwrap(), REFERENCE_PAGE.to_owned()] {
            for script in page.split("<script").skip(1) {
                let tag = script.split('>').next().unwrap_or_default();
                assert!(tag.contains("src=\"/"), "{tag}");
            }
            assert!(
                !page.contains(" style=")
                    && !page.contains("<style")
                    && !page.contains("http:")
                    && !page.contains("https:"),
                "{page}"
            );
        }
    }

    #[test]
    fn the_reference_asks_no_third_party_for_its_logo() {
        let script = format!("img({REDOC_PICTURE:?})\n//# sourceMappingURL=redoc.standalone.js.map");
        let cleaned = without_foreign_picture(&script).unwrap();
        assert!(
            !cleaned.contains("cdn.redoc.ly") && !cleaned.contains("sourceMappingURL"),
            "{cleaned}"
        );
        assert!(without_foreign_picture("nothing").is_err());
    }
}
