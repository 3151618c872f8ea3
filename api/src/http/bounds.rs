//! The bounds of query parameters, as the document tells them: what is documented is enforced, from one place.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use shared::problem::{FieldCode, FieldError, ProblemCode};
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{IntoParams, Number};

use crate::error::Error;

/// The bounds of one parameter.
#[derive(Debug)]
struct Bound {
    name: String,
    min: Option<f64>,
    max: Option<f64>,
    min_length: Option<usize>,
    max_length: Option<usize>,
}

/// Checks a query string, which could be read as a `T`, against the bounds that the document tells of `T`.
///
/// # Errors
/// `Unreadable` with the parameters at fault.
pub(super) fn check<T: IntoParams + 'static>(query: &str) -> Result<(), Error> {
    if query.is_empty() {
        return Ok(());
    }
    let bounds = bounds_of::<T>();
    let faults: Vec<FieldError> = super::valid::form_urlencoded(query)
        .filter_map(|(name, value)| {
            let bound = bounds.iter().find(|bound| bound.name == name)?;
            fault_of(bound, &value)
        })
        .collect();
    if faults.is_empty() {
        return Ok(());
    }
    Err(Error::Unreadable {
        code: ProblemCode::QueryInvalid,
        detail: "a parameter is out of its bounds".to_owned(),
        errors: faults,
    })
}

fn fault_of(bound: &Bound, value: &str) -> Option<FieldError> {
    let told = |code, params: [(&str, Option<String>); 2]| {
        let fault = FieldError::new(format!("?{}", bound.name), code);
        let known = params.into_iter().filter_map(|(name, value)| Some((name, value?)));
        known.fold(fault, |fault, (name, value)| fault.with(name, value))
    };
    let text = |bound: Option<f64>| bound.map(|bound| bound.to_string());
    if let Ok(number) = value.parse::<f64>()
        && (bound.min.is_some_and(|min| number < min) || bound.max.is_some_and(|max| number > max))
    {
        return Some(told(
            FieldCode::Range,
            [("min", text(bound.min)), ("max", text(bound.max))],
        ));
    }
    let length = value.chars().count();
    if bound.min_length.is_some_and(|min| length < min) {
        let code = if length == 0 {
            FieldCode::Required
        } else {
            FieldCode::Length
        };
        return Some(told(
            code,
            [("min", bound.min_length.map(|min| min.to_string())), ("max", None)],
        ));
    }
    if bound.max_length.is_some_and(|max| length > max) {
        return Some(told(
            FieldCode::Length,
            [("min", None), ("max", bound.max_length.map(|max| max.to_string()))],
        ));
    }
    None
}

/// The bounds of a type's parameters, read from it once.
fn bounds_of<T: IntoParams + 'static>() -> Arc<[Bound]> {
    static KNOWN: RwLock<Option<HashMap<TypeId, Arc<[Bound]>>>> = RwLock::new(None);
    let id = TypeId::of::<T>();
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(bounds) = known.as_ref().and_then(|known| known.get(&id)) {
        return Arc::clone(bounds);
    }
    drop(known);
    let bounds: Arc<[Bound]> = T::into_params(|| Some(ParameterIn::Query))
        .into_iter()
        .filter_map(bound_of)
        .collect();
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    known.get_or_insert_default().insert(id, Arc::clone(&bounds));
    bounds
}

fn bound_of(parameter: Parameter) -> Option<Bound> {
    let Some(RefOr::T(Schema::Object(object))) = parameter.schema else {
        return None;
    };
    let number = |number: Number| match number {
        Number::Int(number) => number as f64,
        Number::UInt(number) => number as f64,
        Number::Float(number) => number,
    };
    let bound = Bound {
        name: parameter.name,
        min: object.minimum.map(number),
        max: object.maximum.map(number),
        min_length: object.min_length,
        max_length: object.max_length,
    };
    let bounded =
        bound.min.is_some() || bound.max.is_some() || bound.min_length.is_some() || bound.max_length.is_some();
    bounded.then_some(bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(IntoParams)]
    #[expect(dead_code, reason = "only its description is read")]
    struct Sample {
        #[param(minimum = 0, maximum = 10)]
        count: Option<i64>,
        #[param(min_length = 1, max_length = 3)]
        q: String,
        free: Option<String>,
    }

    fn faults(query: &str) -> Vec<(String, FieldCode)> {
        match check::<Sample>(query) {
            Err(Error::Unreadable { errors, .. }) => errors.into_iter().map(|e| (e.pointer, e.code)).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn what_the_document_tells_is_enforced() {
        assert_eq!(faults("count=10&q=%D1%97%D1%97%D1%97&free=anything"), []);
        assert_eq!(faults("count=-1"), [("?count".to_owned(), FieldCode::Range)]);
        assert_eq!(faults("q="), [("?q".to_owned(), FieldCode::Required)]);
        assert_eq!(faults("q=long"), [("?q".to_owned(), FieldCode::Length)]);
    }
}
