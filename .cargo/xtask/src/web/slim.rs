//! What the glue and the main module say to each other, in fewer words.
//!
//! `wasm-bindgen` names each function that the glue gives to the module by its text and a hash of 16 digits, once in either: digits do not
//! compress. Here they become letters. And a library of the framework brings classes for streams that every page would carry and none of ours
//! uses: what only they need goes with their exports, in the passes that follow. The glue is then written as short as JavaScript can be.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;

use anyhow::{Context, Result, anyhow};
use wasm_encoder::reencode::{self, Reencode, utils};
use wasm_encoder::{ExportSection, ImportSection, Module};
use wasmparser::{ExportSectionReader, ImportSectionReader, Parser, Payload};

use crate::npm;
use crate::process;
use crate::workspace::Workspace;

/// The module that the glue gives its functions as.
const GIVEN_BY_GLUE: &str = "./app_bg.js";
/// How the exports of the classes for streams begin.
const UNUSED_EXPORTS: [&str; 2] = ["intounderlying", "__wbg_intounderlying"];
/// How the classes are called in the glue.
const UNUSED_CLASS: &str = "IntoUnderlying";

/// Shortens both.
pub(super) fn slim(workspace: &Workspace, module: &[u8], glue: &str) -> Result<(Vec<u8>, String)> {
    let names = short_names(module)?;
    let glue = without_unused_classes(&with_short_names(glue, &names));
    Ok((rewritten(module, &names)?, minified(workspace, &glue)?))
}

/// A short name for each function that the glue gives.
fn short_names(module: &[u8]) -> Result<BTreeMap<String, String>> {
    let mut names = BTreeMap::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ImportSection(imports) = payload.context("no WebAssembly module")? {
            for import in imports.into_imports() {
                let import = import.context("no list of imports")?;
                if import.module == GIVEN_BY_GLUE {
                    names.insert(import.name.to_owned(), String::new());
                }
            }
        }
    }
    for (at, short) in names.values_mut().enumerate() {
        *short = letters(at);
    }
    Ok(names)
}

/// `a`, `b`, … `z`, `aa`, `ab`, …
fn letters(mut at: usize) -> String {
    let mut name = String::new();
    loop {
        name.insert(0, char::from(b'a' + (at % 26) as u8));
        if at < 26 {
            return name;
        }
        at = at / 26 - 1;
    }
}

/// The glue names each function once, as a property: `name: function(…)`.
fn with_short_names(glue: &str, names: &BTreeMap<String, String>) -> String {
    let mut short = String::with_capacity(glue.len());
    for line in glue.lines() {
        let begin = line.trim_start();
        let named = begin
            .split_once(':')
            .and_then(|(name, rest)| Some((names.get(name)?, rest)));
        match named {
            Some((name, rest)) => {
                short.push_str(name);
                short.push(':');
                short.push_str(rest);
            }
            None => short.push_str(line),
        }
        short.push('\n');
    }
    short
}

fn without_unused_classes(glue: &str) -> String {
    let method = format!("if (Symbol.dispose) {UNUSED_CLASS}");
    let class = format!("export class {UNUSED_CLASS}");
    glue.lines()
        .filter(|line| !line.starts_with(&method))
        .map(|line| match line.strip_prefix(&class) {
            Some(rest) => Cow::Owned(format!("class {UNUSED_CLASS}{rest}\n")),
            None => Cow::Owned(format!("{line}\n")),
        })
        .collect::<Vec<Cow<'_, str>>>()
        .concat()
}

/// A script as short as JavaScript can be.
pub(super) fn minified(workspace: &Workspace, script: &str) -> Result<String> {
    let input = workspace.target().join("wasm/before.js");
    let output = workspace.target().join("wasm/after.js");
    fs::write(&input, script).with_context(|| format!("cannot write {}", input.display()))?;
    let mut terser = npm::node(workspace, "terser/bin/terser")?;
    terser
        .arg(&input)
        .args(["--module", "--compress", "passes=2", "--mangle", "--output"])
        .arg(&output);
    process::run(&mut terser)?;
    fs::read_to_string(&output).context("terser wrote nothing")
}

fn rewritten(module: &[u8], names: &BTreeMap<String, String>) -> Result<Vec<u8>> {
    let mut slim = Module::new();
    Renaming { names }
        .parse_core_module(&mut slim, Parser::new(0), module)
        .map_err(|error| anyhow!("the module cannot be written again: {error}"))?;
    Ok(slim.finish())
}

/// Writes everything as it was, but imports under their short names, and without the exports that nobody asks for.
struct Renaming<'a> {
    names: &'a BTreeMap<String, String>,
}

impl Reencode for Renaming<'_> {
    type Error = Infallible;

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), reencode::Error<Infallible>> {
        for import in section.into_imports() {
            let import = import?;
            let short = self.names.get(import.name).filter(|_| import.module == GIVEN_BY_GLUE);
            let name = short.map_or(import.name, String::as_str);
            imports.import(import.module, name, utils::entity_type(self, import.ty)?);
        }
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Result<(), reencode::Error<Infallible>> {
        for export in section {
            let export = export?;
            if !UNUSED_EXPORTS.iter().any(|unused| export.name.starts_with(unused)) {
                utils::parse_export(self, exports, export)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{CodeSection, EntityType, ExportKind, Function, FunctionSection, TypeSection};
    use wasmparser::Validator;

    use super::*;

    fn sample() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import(GIVEN_BY_GLUE, "__wbg_push_0123456789abcdef", EntityType::Function(0));
        imports.import("./parts.js", "__wasm_split_load_x", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        functions.function(0);
        let mut exports = ExportSection::new();
        exports.export("start", ExportKind::Func, 2);
        exports.export("intounderlyingsink_close", ExportKind::Func, 2);
        let mut body = Function::new([]);
        body.instructions().call(0).call(1).end();
        let mut code = CodeSection::new();
        code.function(&body);
        let mut module = Module::new();
        module
            .section(&types)
            .section(&imports)
            .section(&functions)
            .section(&exports)
            .section(&code);
        module.finish()
    }

    #[test]
    fn what_the_glue_gives_gets_a_letter_and_the_rest_keeps_its_name() {
        let names = short_names(&sample()).unwrap();
        let slim = rewritten(&sample(), &names).unwrap();
        Validator::new().validate_all(&slim).unwrap();
        let text = String::from_utf8_lossy(&slim);
        assert!(
            !text.contains("__wbg_push") && text.contains("__wasm_split_load_x"),
            "{text}"
        );
        assert!(text.contains("start") && !text.contains("intounderlying"), "{text}");
        let glue = "  const import0 = {\n    __wbg_push_0123456789abcdef: function(arg0) {\n    },\n  };\n";
        assert_eq!(
            with_short_names(glue, &names),
            "  const import0 = {\na: function(arg0) {\n    },\n  };\n"
        );
    }

    #[test]
    fn letters_go_on_after_z() {
        assert_eq!(
            [0, 25, 26, 51, 52, 701, 702].map(letters),
            ["a", "z", "aa", "az", "ba", "zz", "aaa"]
        );
    }

    #[test]
    fn classes_for_streams_are_nobodys_export() {
        let glue = "export class IntoUnderlyingSink {\n}\nif (Symbol.dispose) IntoUnderlyingSink.prototype[Symbol.dispose] = 1;\nexport { initSync };\n";
        assert_eq!(
            without_unused_classes(glue),
            "class IntoUnderlyingSink {\n}\nexport { initSync };\n"
        );
    }
}
