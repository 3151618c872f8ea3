//! The order of a module's functions: what looks alike stands together.
//!
//! The order of functions means nothing to who runs a module, and much to who compresses it: the copies that a generic function leaves are
//! found by brotli where they are near each other. Sorted by their types and bytes they take some 5 % less on the way than in the order in
//! which the tools leave them, and a seventh less than in no order at all, which is how `wasm-split` leaves them.

use std::ops::Range;

use anyhow::{Context, Result, anyhow};
use wasm_encoder::reencode::{self, Reencode, utils};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionSectionReader, Parser, Payload, TypeRef};

/// Writes a module again with its functions in the order of their types and bodies.
pub(super) fn by_likeness(module: &[u8]) -> Result<Vec<u8>> {
    let mut imported = 0;
    let mut types: Vec<u32> = Vec::new();
    let mut bodies: Vec<Range<usize>> = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload.context("no WebAssembly module")? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import.context("no list of imports")?;
                    imported += usize::from(matches!(import.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                }
            }
            Payload::FunctionSection(functions) => {
                types = functions
                    .into_iter()
                    .collect::<Result<_, _>>()
                    .context("no list of functions")?;
            }
            Payload::CodeSectionEntry(body) => {
                let range = body.range();
                bodies.push(usize::try_from(range.start)?..usize::try_from(range.end)?);
            }
            _ => {}
        }
    }
    let mut order: Vec<usize> = (0..bodies.len()).collect();
    order.sort_by_key(|&at| (types[at], &module[bodies[at].clone()]));
    let mut places = vec![0; order.len()];
    for (place, &at) in order.iter().enumerate() {
        places[at] = place;
    }
    let mut sorted = Module::new();
    Sorting {
        imported,
        order,
        places,
    }
    .parse_core_module(&mut sorted, Parser::new(0), module)
    .map_err(|error| anyhow!("a module cannot be written again: {error}"))?;
    Ok(sorted.finish())
}

/// Writes everything as it was, but functions in another order.
struct Sorting {
    imported: usize,
    /// By place: which function stands there.
    order: Vec<usize>,
    /// By function: its place.
    places: Vec<usize>,
}

type Outcome<T> = Result<T, reencode::Error<std::convert::Infallible>>;

impl Reencode for Sorting {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Outcome<u32> {
        let place = (function as usize)
            .checked_sub(self.imported)
            .and_then(|own| self.places.get(own));
        Ok(place.map_or(function, |place| (self.imported + place) as u32))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Outcome<()> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for &at in &self.order {
            functions.function(types[at]);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, section: CodeSectionReader<'_>) -> Outcome<()> {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for at in self.order.clone() {
            utils::parse_function_body(self, code, bodies[at].clone())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function, ImportSection, RefType,
        TableSection, TableType, TypeSection, ValType,
    };
    use wasmparser::{Operator, Validator};

    use super::*;

    /// A module that imports one function and has three of its own, each of which returns its number; the last calls the first.
    fn sample() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], [ValType::I32]);
        let mut imports = ImportSection::new();
        imports.import("host", "f", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        let mut exports = ExportSection::new();
        let mut code = CodeSection::new();
        for (at, number) in [30, 20, 10].into_iter().enumerate() {
            functions.function(0);
            exports.export(&format!("f{number}"), ExportKind::Func, at as u32 + 1);
            let mut body = Function::new([]);
            let mut instructions = body.instructions();
            if number == 10 {
                instructions.call(1).drop();
            }
            instructions.i32_const(number).end();
            code.function(&body);
        }
        let mut tables = TableSection::new();
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: 3,
            maximum: None,
            shared: false,
        });
        let mut elements = ElementSection::new();
        elements.active(
            None,
            &ConstExpr::i32_const(0),
            Elements::Functions([1, 2, 3].as_slice().into()),
        );
        let mut module = Module::new();
        module
            .section(&types)
            .section(&imports)
            .section(&functions)
            .section(&tables);
        module.section(&exports).section(&elements).section(&code);
        module.finish()
    }

    /// What an exported function of a module holds: its constants, and the constants of what it calls.
    fn constants(module: &[u8], export: &str) -> Vec<i32> {
        let mut wanted = None;
        let mut bodies = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            match payload.unwrap() {
                Payload::ExportSection(exports) => {
                    let found = exports
                        .into_iter()
                        .map(Result::unwrap)
                        .find(|known| known.name == export);
                    wanted = found.map(|found| found.index as usize - 1);
                }
                Payload::CodeSectionEntry(body) => bodies.push(body),
                _ => {}
            }
        }
        let mut found = Vec::new();
        let mut waiting = vec![wanted.unwrap()];
        while let Some(at) = waiting.pop() {
            for operator in bodies[at].get_operators_reader().unwrap() {
                match operator.unwrap() {
                    Operator::I32Const { value } => found.push(value),
                    Operator::Call { function_index } => waiting.push(function_index as usize - 1),
                    _ => {}
                }
            }
        }
        found
    }

    #[test]
    fn a_sorted_module_does_what_it_did() {
        let sorted = by_likeness(&sample()).unwrap();
        Validator::new().validate_all(&sorted).unwrap();
        assert_eq!(constants(&sorted, "f30"), [30]);
        assert_eq!(constants(&sorted, "f20"), [20]);
        assert_eq!(constants(&sorted, "f10"), [10, 30]);
        assert_ne!(sorted, sample());
        assert_eq!(by_likeness(&sample()).unwrap(), sorted);
    }
}
