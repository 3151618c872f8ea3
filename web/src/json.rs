//! Answers become our types: a small deserialiser over what the browser's own `JSON.parse` made.
//!
//! Why not `serde_json` for reading: its parser and its error texts are compiled anew into the reading of every type, and the sizes of all types
//! add up (it was a fifth of the module). Here the browser parses, a struct is given its fields in its own order, and whatever
//! does not fit is one error without a text: nobody but a developer would read it, and the answer itself is in the browser's network panel.
//!
//! [`Node`] is what a parsed value must offer; the tests give it `serde_json`'s values, so that the same code runs without a browser.

use serde::de::{self, DeserializeOwned, DeserializeSeed, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};
use wasm_bindgen::{JsCast, JsValue};

/// The answer is not of the form that was expected.
#[derive(Debug)]
pub struct Unfit;

impl std::fmt::Display for Unfit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("not of the form expected")
    }
}

impl std::error::Error for Unfit {}

impl de::Error for Unfit {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Unfit
    }

    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Unfit
    }

    fn invalid_value(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Unfit
    }

    fn invalid_length(_: usize, _: &dyn de::Expected) -> Self {
        Unfit
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Unfit
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Unfit
    }

    fn missing_field(_: &'static str) -> Self {
        Unfit
    }

    fn duplicate_field(_: &'static str) -> Self {
        Unfit
    }
}

/// Reads one of our types from a parsed value.
pub fn read<T: DeserializeOwned>(value: JsValue) -> Option<T> {
    T::deserialize(Reader(value)).ok()
}

/// Parses a text and reads one of our types from it.
pub fn parse<T: DeserializeOwned>(text: &str) -> Option<T> {
    read(js_sys::JSON::parse(text).ok()?)
}

/// A parsed JSON value.
pub(crate) trait Node: Sized {
    /// The value null.
    fn null() -> Self;
    /// Whether it is null.
    fn is_null(&self) -> bool;
    /// Its truth value, if it is one.
    fn truth(&self) -> Option<bool>;
    /// Its number, if it is one.
    fn number(&self) -> Option<f64>;
    /// Its text, if it is one.
    fn text(&self) -> Option<String>;
    /// Its items, if it is a list.
    fn items(&self) -> Option<Vec<Self>>;
    /// Its names, if it is an object.
    fn names(&self) -> Option<Vec<String>>;
    /// The value of a name, where there is one.
    fn value(&self, name: &str) -> Option<Self>;
}

impl Node for JsValue {
    fn null() -> Self {
        JsValue::NULL
    }

    fn is_null(&self) -> bool {
        self.is_null() || self.is_undefined()
    }

    fn truth(&self) -> Option<bool> {
        self.as_bool()
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn text(&self) -> Option<String> {
        self.as_string()
    }

    fn items(&self) -> Option<Vec<Self>> {
        js_sys::Array::is_array(self).then(|| self.unchecked_ref::<js_sys::Array>().iter().collect())
    }

    fn names(&self) -> Option<Vec<String>> {
        self.is_object().then(|| {
            js_sys::Object::keys(self.unchecked_ref::<js_sys::Object>())
                .iter()
                .filter_map(|name| name.as_string())
                .collect()
        })
    }

    fn value(&self, name: &str) -> Option<Self> {
        crate::browser::property(self, name)
    }
}

struct Reader<N>(N);

impl<N: Node> Reader<N> {
    fn whole(&self) -> Result<f64, Unfit> {
        self.0.number().filter(|number| number.fract() == 0.0).ok_or(Unfit)
    }

    fn unsigned<'de, V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, Unfit> {
        let number = self.whole()?;
        if number < 0.0 {
            Err(Unfit)
        } else {
            visitor.visit_u64(number as u64)
        }
    }

    fn signed<'de, V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_i64(self.whole()? as i64)
    }
}

macro_rules! as_whole {
    ($way:ident: $($method:ident)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
            self.$way(visitor)
        }
    )+};
}

macro_rules! as_other {
    ($other:ident: $($method:ident)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
            self.$other(visitor)
        }
    )+};
}

impl<'de, N: Node> de::Deserializer<'de> for Reader<N> {
    type Error = Unfit;

    as_whole!(unsigned: deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64);
    as_whole!(signed: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64);
    as_other!(deserialize_f64: deserialize_f32);
    as_other!(deserialize_string: deserialize_char deserialize_str deserialize_identifier);
    as_other!(deserialize_any: deserialize_bytes deserialize_byte_buf);

    // Only what is buffered (flattened structs, tagged enums) comes here.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        if self.0.is_null() {
            return visitor.visit_unit();
        }
        if let Some(truth) = self.0.truth() {
            return visitor.visit_bool(truth);
        }
        if let Some(number) = self.0.number() {
            return if number.fract() != 0.0 || number.abs() > 9.0e15 {
                visitor.visit_f64(number)
            } else if number < 0.0 {
                visitor.visit_i64(number as i64)
            } else {
                visitor.visit_u64(number as u64)
            };
        }
        if let Some(text) = self.0.text() {
            return visitor.visit_string(text);
        }
        match self.0.items() {
            Some(items) => visitor.visit_seq(Items(items.into_iter())),
            None => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_bool(self.0.truth().ok_or(Unfit)?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_f64(self.0.number().ok_or(Unfit)?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_string(self.0.text().ok_or(Unfit)?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        if self.0.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_seq(Items(self.0.items().ok_or(Unfit)?.into_iter()))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        let names = self.0.names().ok_or(Unfit)?.into_iter();
        visitor.visit_map(Entries {
            node: self.0,
            names,
            value: None,
        })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        if self.0.names().is_none() {
            return Err(Unfit);
        }
        visitor.visit_seq(Fields {
            node: self.0,
            fields: fields.iter(),
        })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_enum(variant(self.0, variants)?)
    }
}

struct Items<N>(std::vec::IntoIter<N>);

impl<'de, N: Node> SeqAccess<'de> for Items<N> {
    type Error = Unfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unfit> {
        match self.0.next() {
            Some(item) => seed.deserialize(Reader(item)).map(Some),
            None => Ok(None),
        }
    }
}

/// An object whose names are not known before: maps, and structs that flatten.
struct Entries<N> {
    node: N,
    names: std::vec::IntoIter<String>,
    value: Option<N>,
}

impl<'de, N: Node> MapAccess<'de> for Entries<N> {
    type Error = Unfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unfit> {
        let Some(name) = self.names.next() else { return Ok(None) };
        self.value = self.node.value(&name);
        seed.deserialize(de::value::StringDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Unfit> {
        seed.deserialize(Reader(self.value.take().ok_or(Unfit)?))
    }
}

/// The fields of a struct, one after the other as it declares them: no name is ever compared. What the struct does not know is not looked at.
struct Fields<N> {
    node: N,
    fields: std::slice::Iter<'static, &'static str>,
}

impl<'de, N: Node> SeqAccess<'de> for Fields<N> {
    type Error = Unfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unfit> {
        let Some(name) = self.fields.next() else {
            return Ok(None);
        };
        match self.node.value(name) {
            Some(value) => seed.deserialize(Reader(value)).map(Some),
            // What may be missing takes null; what has a default takes that when told of the end; all else finds too few fields.
            None => Ok(seed.deserialize(Reader(N::null())).ok()),
        }
    }
}

/// A variant's number, in the place of its name.
struct Number(u64);

impl<'de> de::Deserializer<'de> for Number {
    type Error = Unfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_u64(self.0)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Variant<N> {
    number: Number,
    value: Option<N>,
}

fn variant<N: Node>(node: N, variants: &[&str]) -> Result<Variant<N>, Unfit> {
    let (name, value) = match node.text() {
        Some(name) => (name, None),
        None => {
            let name = node.names().and_then(|names| names.into_iter().next()).ok_or(Unfit)?;
            let value = node.value(&name);
            (name, value)
        }
    };
    // An unknown one has a number that no variant has: an enum that takes unknown ones gets to know it.
    let number = variants.iter().position(|known| *known == name);
    let number = Number(number.map_or(u64::MAX, |number| number as u64));
    Ok(Variant { number, value })
}

impl<'de, N: Node> EnumAccess<'de> for Variant<N> {
    type Error = Unfit;
    type Variant = Content<N>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Content<N>), Unfit> {
        Ok((seed.deserialize(self.number)?, Content(self.value)))
    }
}

struct Content<N>(Option<N>);

impl<'de, N: Node> VariantAccess<'de> for Content<N> {
    type Error = Unfit;

    fn unit_variant(self) -> Result<(), Unfit> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unfit> {
        seed.deserialize(Reader(self.0.ok_or(Unfit)?))
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Unfit> {
        de::Deserializer::deserialize_tuple(Reader(self.0.ok_or(Unfit)?), length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Unfit> {
        de::Deserializer::deserialize_struct(Reader(self.0.ok_or(Unfit)?), "", fields, visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{Deserialize, Serialize};
    use serde_json::Value;
    use std::collections::BTreeMap;

    impl Node for Value {
        fn null() -> Self {
            Value::Null
        }
        fn is_null(&self) -> bool {
            Value::is_null(self)
        }
        fn truth(&self) -> Option<bool> {
            self.as_bool()
        }
        fn number(&self) -> Option<f64> {
            self.as_f64()
        }
        fn text(&self) -> Option<String> {
            self.as_str().map(str::to_owned)
        }
        fn items(&self) -> Option<Vec<Self>> {
            self.as_array().cloned()
        }
        fn names(&self) -> Option<Vec<String>> {
            Some(self.as_object()?.keys().cloned().collect())
        }
        fn value(&self, name: &str) -> Option<Self> {
            self.get(name).cloned()
        }
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Inner {
        id: u32,
        name: Option<String>,
        #[serde(default)]
        labels: BTreeMap<String, String>,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(tag = "role", rename_all = "snake_case")]
    enum Tagged {
        CityStaff { city_id: u32 },
        Admin,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Plain {
        OneWord,
        Holding(i64),
        Open { at: f64 },
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(transparent)]
    struct Id(String);

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Outer {
        #[serde(flatten)]
        inner: Inner,
        #[serde(rename = "type")]
        kind: Plain,
        all: Vec<Plain>,
        tagged: Vec<Tagged>,
        pair: (i32, bool),
        share: f64,
        whole_share: f64,
        id_text: Id,
        nothing: Option<f64>,
        amount: i64,
    }

    fn outer() -> Outer {
        Outer {
            inner: Inner {
                id: 7,
                name: None,
                labels: BTreeMap::from([("uk".to_owned(), "Кременчук".to_owned())]),
            },
            kind: Plain::OneWord,
            all: vec![Plain::Holding(-3), Plain::Open { at: 1.5 }],
            tagged: vec![Tagged::CityStaff { city_id: 4 }, Tagged::Admin],
            pair: (-1, true),
            share: 0.25,
            whole_share: 2.0,
            id_text: Id("x".to_owned()),
            nothing: None,
            amount: 100_000_000_000_000,
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let value = serde_json::to_value(outer()).unwrap();
        assert_eq!(Outer::deserialize(Reader(value)).unwrap(), outer());
    }

    #[test]
    fn unknown_fields_are_passed_over_and_missing_ones_are_not() {
        let value = serde_json::json!({"id": 1, "name": "a", "later": {"x": [1]}});
        assert_eq!(Inner::deserialize(Reader(value)).unwrap().name.as_deref(), Some("a"));
        assert!(Inner::deserialize(Reader(serde_json::json!({"name": "a"}))).is_err());
        assert!(Inner::deserialize(Reader(serde_json::json!({"id": -1}))).is_err());
        assert!(Inner::deserialize(Reader(serde_json::json!({"id": 1.5}))).is_err());
        assert!(Inner::deserialize(Reader(serde_json::json!("text"))).is_err());
    }

    #[test]
    fn what_may_be_missing_may_be_missing_and_an_unknown_variant_is_refused() {
        let read = |value| Inner::deserialize(Reader(value));
        let known = read(serde_json::json!({"id": 1, "labels": {}})).unwrap();
        assert_eq!(known.name, None);
        let known = read(serde_json::json!({"name": null, "id": 1})).unwrap();
        assert!(known.labels.is_empty());
        assert!(Plain::deserialize(Reader(serde_json::json!("two_words"))).is_err());
        assert!(Plain::deserialize(Reader(serde_json::json!("one_word"))).is_ok());
    }

    #[test]
    fn our_own_views_are_read() {
        let value = serde_json::json!({
            "account": {"id": "01980a5c-7c00-7000-8000-000000000001", "version": 3, "email": "a@b.example", "name": "A", "language": "uk", "digest": "weekly", "grants": [
                {"id": "01980a5c-7c00-7000-8000-000000000002", "grant": {"role": "city_staff", "city_id": "01980a5c-7c00-7000-8000-000000000003"}, "scope_name": "Grenoble"}]},
            "csrf_token": "t", "access_expires_at": "2027-01-01T00:00:00.000Z", "session_expires_at": "2027-01-01T00:00:00.000Z"});
        let expected: shared::accounts::SessionView = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(
            shared::accounts::SessionView::deserialize(Reader(value)).unwrap(),
            expected
        );
    }
}
