//! The modules and their glue: cargo, then `wasm-split`, then `wasm-bindgen`, then `wasm-opt`.
//!
//! The compiler makes one module. `web/src/pages.rs` marks where the parts of the app begin; what only some of them need goes
//! into modules of their own ([`super::parts`]), and the browser fetches those when a page of the part is opened.
//!
//! A machine can have a standard library for wasm32 in three ways; `Way` says which, and `choose_way` in which order they are tried.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::num::NonZero;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, anyhow, bail};
use clap::ValueEnum;
use wasm_bindgen_cli_support::Bindgen;

use crate::machine;
use crate::npm;
use crate::process;
use crate::workspace::{self, Workspace};

use super::order;
use super::parts::{self, Parts};
use super::slim;

const TARGET: &str = "wasm32-unknown-unknown";

/// The version of the library that makes the glue; Cargo.lock must hold `wasm-bindgen` in the same.
const BINDGEN_VERSION: &str = "0.2.130";

/// What browsers of the last years understand. `--all-features` would write a module that none of them reads.
const MODULE_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Passes that take away what nobody uses and leave the rest as the compiler wrote it. The usual `-Oz` makes the module a sixth
/// smaller and what travels a twelfth larger: the compiler's own order of code and locals is what brotli compresses best
/// (measured on the app with four pages: 1 517 kB and 327 kB before, 1 272 kB and 354 kB after `-Oz`, 1 486 kB and 324 kB after these).
const PASSES: [&str; 10] = [
    "--dce",
    "--precompute",
    "--code-folding",
    "--remove-unused-module-elements",
    "--duplicate-function-elimination",
    "--vacuum",
    "--remove-unused-names",
    "--memory-packing",
    "--strip-producers",
    "--strip-target-features",
];

/// Views without their long generic types: a view compiled once instead of once for every place it stands in, 23 kB less to travel.
/// Nor do a panic's place and the `Debug` of types travel: some 50 kB of text that no reader of the page ever sees.
/// The linker keeps what it resolved: splitting the module needs to know which function refers to which.
const COMPILER_FLAGS: [&str; 7] = [
    "--cfg",
    "erase_components",
    "--cfg",
    "split",
    "-Zlocation-detail=none",
    "-Zfmt-debug=none",
    "-Clink-arg=--emit-relocs",
];

/// Where the standard library is compiled with us: a panic ends the app at once, without words that nobody reads. The panic strategy of
/// a library that came compiled cannot be changed; the module is then some 25 kB heavier.
const OWN_LIBRARY_FLAGS: [&str; 2] = ["-Zunstable-options", "-Cpanic=immediate-abort"];

/// Between flags in `CARGO_ENCODED_RUSTFLAGS`: a path may contain blanks.
const FLAG_SEPARATOR: &str = "\u{1f}";

/// Debian's compiler for WebAssembly, with the sources of the standard library and a linker.
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];

/// How the machine gets a standard library for wasm32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Way {
    /// The toolchain has the target
    Installed,
    /// `rustup target add` fetches it
    Rustup,
    /// Debian's packages build it from source
    Debian,
}

/// How the standard library comes to the module.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Library {
    /// As the toolchain brings it
    Compiled,
    /// Compiled with the app, for the app
    FromSource,
}

/// What the browser runs.
pub(super) struct App {
    /// The WebAssembly module that every page needs.
    pub(super) module: Vec<u8>,
    /// The JavaScript that starts it.
    pub(super) glue: String,
    /// JavaScript that the glue imports, by the path that it uses.
    pub(super) snippets: BTreeMap<String, Vec<u8>>,
    /// The modules that come later.
    pub(super) parts: Parts,
}

/// Compiles the `web` crate for the browser.
pub(super) fn build(workspace: &Workspace, dev: bool, way: Option<Way>) -> Result<App> {
    require_same_bindgen(&fs::read_to_string(workspace.root().join("Cargo.lock")).context("Cargo.lock is missing")?)?;
    let whole = compile(workspace, dev, way)?;
    let directory = workspace.target().join("wasm/parts");
    let (module, parts) = parts::split(&whole, &directory)?;
    let mut app = bind(workspace, &module, parts, dev)?;
    if !dev {
        process::step("making the modules small (terser, wasm-opt)");
        (app.module, app.glue) = slim::slim(workspace, &app.module, &app.glue)?;
        let parts = app.parts.modules.values_mut();
        shrink_all(workspace, std::iter::once(&mut app.module).chain(parts))?;
    }
    Ok(app)
}

/// The module says in a section of its own which version wrote it; telling the difference here spares a longer error later.
fn require_same_bindgen(lock: &str) -> Result<()> {
    let locked = locked_version(lock, "wasm-bindgen").context("Cargo.lock names no wasm-bindgen")?;
    if locked != BINDGEN_VERSION {
        bail!(
            "Cargo.lock holds wasm-bindgen {locked}, the glue is made by wasm-bindgen-cli-support {BINDGEN_VERSION}: \
             set both to the same version (.cargo/xtask/Cargo.toml and BINDGEN_VERSION, or `cargo update -p wasm-bindgen --precise {BINDGEN_VERSION}`)"
        );
    }
    Ok(())
}

fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let entry = format!("name = \"{package}\"\nversion = \"");
    let rest = &lock[lock.find(&entry)? + entry.len()..];
    rest.split('"').next()
}

fn compile(workspace: &Workspace, dev: bool, way: Option<Way>) -> Result<PathBuf> {
    let way = match way {
        Some(way) => way,
        None => choose_way(workspace)?,
    };
    let mut cargo = match way {
        Way::Installed => workspace.cargo(),
        Way::Rustup => {
            if !add_target(workspace) {
                bail!("`rustup target add {TARGET}` failed");
            }
            workspace.cargo()
        }
        Way::Debian => {
            if !debian_is_complete() {
                machine::install_packages("Debian's compiler for WebAssembly", &DEBIAN_PACKAGES)?;
            }
            debian_cargo(workspace)?
        }
    };
    let library = match way {
        Way::Debian => Library::FromSource,
        Way::Installed | Way::Rustup => library_of_rustup(workspace)?,
    };
    if library == Library::FromSource {
        cargo.args(["-Z", "build-std=std,panic_abort"]);
        // Sorting, hashing and formatting in their short forms, not in their fast ones.
        cargo.args(["-Z", "build-std-features=optimize_for_size"]);
    }
    let target = workspace.target().join("wasm");
    cargo
        .arg("build")
        .args(["--package", "web", "--lib", "--target", TARGET, "--target-dir"])
        .arg(&target);
    if !dev {
        cargo.args(["--profile", "wasm"]);
    }
    // Flags meant for the machine's own processor do not fit the browser. The two `-Z` flags are read by a stable compiler
    // only where it is told to.
    cargo
        .env_remove("RUSTFLAGS")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_ENCODED_RUSTFLAGS", compiler_flags(library).join(FLAG_SEPARATOR))
        .env_remove("CARGO_BUILD_TARGET");
    process::step(format_args!("compiling the web app to WebAssembly ({})", describe(way)));
    process::run(&mut cargo)?;
    Ok(target
        .join(TARGET)
        .join(if dev { "debug" } else { "wasm" })
        .join("web.wasm"))
}

/// What a panic says of its place shall be short, and say nothing of the machine that built the module.
fn compiler_flags(library: Library) -> Vec<String> {
    let own_library: &[&str] = match library {
        Library::FromSource => &OWN_LIBRARY_FLAGS,
        Library::Compiled => &[],
    };
    let mut flags: Vec<String> = COMPILER_FLAGS
        .iter()
        .chain(own_library)
        .map(|flag| (*flag).to_owned())
        .collect();
    let cargo_home =
        process::variable("CARGO_HOME").or_else(|| process::variable("HOME").map(|home| format!("{home}/.cargo")));
    // The folder of the registry below `src` has a hash in its name; it is found, not guessed.
    let sources = cargo_home
        .map(|home| Path::new(&home).join("registry/src"))
        .and_then(|path| path.read_dir().ok());
    for registry in sources.into_iter().flatten().flatten() {
        flags.push(format!("--remap-path-prefix={}/=", registry.path().display()));
    }
    flags
}

fn describe(way: Way) -> &'static str {
    match way {
        Way::Installed => "the toolchain's own target",
        Way::Rustup => "the target that rustup fetched",
        Way::Debian => "Debian's rustc-web, with the standard library from source",
    }
}

/// What is there comes first, then what is quick to get, then what compiles the standard library too. A refusal of rustup is remembered
/// beside the builds, so that a machine without network does not ask at every build.
fn choose_way(workspace: &Workspace) -> Result<Way> {
    if target_is_installed(workspace) {
        return Ok(Way::Installed);
    }
    let refusal = workspace.target().join("wasm/rustup-refused");
    if !(refusal.exists() && debian_is_complete()) {
        if add_target(workspace) {
            return Ok(Way::Rustup);
        }
        remember(&refusal)?;
    }
    if !debian_is_complete() {
        machine::install_packages("Debian's compiler for WebAssembly", &DEBIAN_PACKAGES).map_err(no_way)?;
    }
    Ok(Way::Debian)
}

fn no_way(last: anyhow::Error) -> anyhow::Error {
    anyhow!(
        "no Rust standard library for {TARGET} here. Three ways lead to one:\n  \
         1. a toolchain that has the target already (a distribution's package, or a container image with it);\n  \
         2. `rustup target add {TARGET}` (tried or not available here);\n  \
         3. Debian: `apt-get install -y --no-install-recommends {}` as root.\n\
         The last one tried said: {last:#}",
        DEBIAN_PACKAGES.join(" ")
    )
}

fn target_is_installed(workspace: &Workspace) -> bool {
    let mut rustc = Command::new("rustc");
    rustc
        .current_dir(workspace.root())
        .args(["--print", "target-libdir", "--target", TARGET]);
    workspace::remove_own_package(&mut rustc);
    process::capture(&mut rustc).is_ok_and(|directory| has_standard_library(Path::new(directory.trim())))
}

/// From source where the toolchain has the sources or gets them: the module is a tenth lighter.
fn library_of_rustup(workspace: &Workspace) -> Result<Library> {
    let is_there = || {
        let mut rustc = Command::new("rustc");
        rustc.current_dir(workspace.root()).args(["--print", "sysroot"]);
        workspace::remove_own_package(&mut rustc);
        process::capture(&mut rustc).is_ok_and(|root| {
            Path::new(root.trim())
                .join("lib/rustlib/src/rust/library/Cargo.toml")
                .is_file()
        })
    };
    if is_there() {
        return Ok(Library::FromSource);
    }
    let refusal = workspace.target().join("wasm/sources-refused");
    if refusal.exists() {
        return Ok(Library::Compiled);
    }
    process::step("asking rustup for the sources of the standard library");
    if rustup_adds(workspace, ["component", "add", "rust-src"]) && is_there() {
        return Ok(Library::FromSource);
    }
    process::step("they are not to be had: the module will be a tenth heavier");
    remember(&refusal)?;
    Ok(Library::Compiled)
}

fn rustup_adds(workspace: &Workspace, words: [&str; 3]) -> bool {
    if process::find_program("rustup").is_none() {
        return false;
    }
    let mut rustup = Command::new("rustup");
    rustup
        .current_dir(workspace.root())
        .env("RUSTUP_MAX_RETRIES", "1")
        .args(words);
    process::run(&mut rustup).is_ok()
}

/// Leaves a sign beside the builds.
fn remember(sign: &Path) -> Result<()> {
    fs::create_dir_all(sign.parent().unwrap_or(sign))?;
    fs::write(sign, "").with_context(|| format!("cannot write {}", sign.display()))
}

fn has_standard_library(directory: &Path) -> bool {
    let Ok(entries) = directory.read_dir() else {
        return false;
    };
    entries
        .flatten()
        .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
}

fn add_target(workspace: &Workspace) -> bool {
    process::step(format_args!("asking rustup for the target {TARGET}"));
    rustup_adds(workspace, ["target", "add", TARGET]) && target_is_installed(workspace)
}

fn debian_is_complete() -> bool {
    Path::new("/usr/bin/cargo").is_file() && debian_library().is_some() && debian_linker().is_some()
}

/// The sources of the standard library that belong to `/usr/bin/rustc`.
fn debian_library() -> Option<PathBuf> {
    let root = process::capture(Command::new("/usr/bin/rustc").args(["--print", "sysroot"])).ok()?;
    let library = Path::new(root.trim()).join("lib/rustlib/src/rust/library/Cargo.toml");
    library.is_file().then_some(library)
}

fn debian_linker() -> Option<PathBuf> {
    process::find_program("wasm-ld").or_else(|| process::find_programs_like("wasm-ld-").pop())
}

/// Debian's cargo. Its compiler is a released one: building the standard library needs its word that this is meant.
fn debian_cargo(workspace: &Workspace) -> Result<Command> {
    let linker = debian_linker().context("wasm-ld is missing although the packages are installed")?;
    let mut cargo = Command::new("/usr/bin/cargo");
    cargo.current_dir(workspace.root());
    workspace::remove_own_package(&mut cargo);
    cargo
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTDOC", "/usr/bin/rustdoc")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
        .env_remove("RUSTUP_TOOLCHAIN");
    Ok(cargo)
}

/// Makes the glue between the module and the browser.
fn bind(workspace: &Workspace, module: &Path, parts: Parts, dev: bool) -> Result<App> {
    process::step("making the glue (wasm-bindgen)");
    let directory = workspace.target().join("wasm/glue");
    if directory.exists() {
        fs::remove_dir_all(&directory).with_context(|| format!("cannot clear {}", directory.display()))?;
    }
    Bindgen::new()
        .input_path(module)
        .web(true)?
        .out_name("app")
        .typescript(false)
        .omit_default_module_path(true)
        .keep_debug(false)
        // The parts share the table and the memory of the main module.
        .keep_lld_exports(true)
        .demangle(dev)
        .remove_name_section(!dev)
        .remove_producers_section(!dev)
        .generate(&directory)
        .context("wasm-bindgen refuses the module")?;
    let glue = directory.join("app.js");
    let mut snippets = BTreeMap::new();
    collect_snippets(&directory, &directory.join("snippets"), &mut snippets)?;
    Ok(App {
        module: fs::read(directory.join("app_bg.wasm")).context("wasm-bindgen wrote no module")?,
        glue: fs::read_to_string(&glue).with_context(|| format!("cannot read {}", glue.display()))?,
        snippets,
        parts,
    })
}

fn collect_snippets(top: &Path, directory: &Path, snippets: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    let Ok(entries) = directory.read_dir() else {
        return Ok(());
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect_snippets(top, &path, snippets)?;
        } else if path.extension() == Some(OsStr::new("js")) {
            let name = path
                .strip_prefix(top)
                .unwrap_or(&path)
                .to_string_lossy()
                .replace(MAIN_SEPARATOR, "/");
            snippets.insert(name, fs::read(&path)?);
        }
    }
    Ok(())
}

/// Makes what travels smaller without changing what it does: several modules at once, one on each core.
fn shrink_all<'a>(workspace: &Workspace, modules: impl Iterator<Item = &'a mut Vec<u8>> + Send) -> Result<()> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let modules = Mutex::new(modules);
    let next = || modules.lock().unwrap_or_else(PoisonError::into_inner).next();
    std::thread::scope(|scope| {
        let work = |worker: usize| -> Result<()> {
            while let Some(module) = next() {
                *module = shrink(workspace, worker, module)?;
            }
            Ok(())
        };
        let workers: Vec<_> = (0..cores).map(|worker| scope.spawn(move || work(worker))).collect();
        workers.into_iter().try_for_each(|worker| match worker.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })
}

fn shrink(workspace: &Workspace, worker: usize, module: &[u8]) -> Result<Vec<u8>> {
    let file = |name: &str| workspace.target().join(format!("wasm/{name}-{worker}.wasm"));
    let (input, output) = (file("before"), file("after"));
    fs::write(&input, module).with_context(|| format!("cannot write {}", input.display()))?;
    let mut optimizer = npm::node(workspace, "binaryen/bin/wasm-opt")?;
    optimizer
        .arg(&input)
        .args(PASSES)
        .args(MODULE_FEATURES)
        .arg("-o")
        .arg(&output);
    process::run(&mut optimizer)?;
    order::by_likeness(&fs::read(&output).context("wasm-opt wrote nothing")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n\n[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.80\"\n";

    #[test]
    fn a_locked_version_is_that_of_the_very_package() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(LOCK, "wasm-bindgen-futures"), Some("0.4.80"));
        assert_eq!(locked_version(LOCK, "wasm"), None);
    }

    #[test]
    fn another_bindgen_is_refused_with_both_versions() {
        assert!(require_same_bindgen(LOCK).is_ok());
        let error = require_same_bindgen(&LOCK.replace("0.2.130", "0.2.131"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("0.2.131") && error.contains(BINDGEN_VERSION), "{error}");
    }

    #[test]
    fn this_lock_file_agrees_with_the_library() {
        let lock = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.lock")).unwrap();
        assert_eq!(locked_version(&lock, "wasm-bindgen-cli-support"), Some(BINDGEN_VERSION));
        require_same_bindgen(&lock).unwrap();
    }
}
