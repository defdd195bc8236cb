//! What is written is what is read, for any assets that keep the rules.

use std::collections::BTreeMap;

use packwright_format::{Codec, Labels, Metadata, NewAsset, Pack, PackBuilder, Value, verify};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

#[derive(Debug, Clone, PartialEq)]
struct PartModel {
    format: String,
    metadata: Metadata,
    bytes: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq)]
struct AssetModel {
    labels: Labels,
    preload: bool,
    parts: BTreeMap<String, PartModel>,
}

/// Assets by id; the address is made of the id so that none is there twice, in an order that is not that of the ids.
type PackModel = BTreeMap<u32, AssetModel>;

fn address(asset_id: u32) -> String {
    format!("{:08x}/{asset_id}", asset_id.reverse_bits())
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<String>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
    ]
}

fn part() -> impl Strategy<Value = PartModel> {
    let metadata = btree_map(any::<String>(), value(), 0..4).prop_map(Metadata::from_iter);
    let run = (vec(any::<u8>(), 0..9), 0usize..60).prop_map(|(bytes, times)| bytes.repeat(times));
    let bytes = prop_oneof![run, vec(any::<u8>(), 0..200)];
    (".+", metadata, bytes).prop_map(|(format, metadata, bytes)| PartModel { format, metadata, bytes })
}

fn asset() -> impl Strategy<Value = AssetModel> {
    let labels = vec(any::<String>(), 0..4).prop_map(Labels::from_iter);
    (labels, any::<bool>(), btree_map(".+", part(), 0..5)).prop_map(|(labels, preload, parts)| AssetModel {
        labels,
        preload,
        parts,
    })
}

fn pack() -> impl Strategy<Value = PackModel> {
    btree_map(1..=u32::MAX, asset(), 0..8)
}

fn written(model: &PackModel, lz4: bool, backwards: bool) -> Vec<u8> {
    let mut assets: Vec<NewAsset> = model.iter().map(|(id, asset)| new_asset(*id, asset, backwards)).collect();
    if backwards {
        assets.reverse();
    }
    let builder = if lz4 { PackBuilder::new().lz4() } else { PackBuilder::new() };
    assets.into_iter().fold(builder, PackBuilder::asset).finish().expect("the assets keep the rules")
}

fn new_asset(asset_id: u32, model: &AssetModel, backwards: bool) -> NewAsset {
    let asset = NewAsset::new(asset_id, address(asset_id)).labels(model.labels.iter());
    let asset = if model.preload { asset.preload() } else { asset };
    let mut parts: Vec<_> = model.parts.iter().collect();
    if backwards {
        parts.reverse();
    }
    let add = |asset: NewAsset, (name, part): (&String, &PartModel)| {
        asset.part(name, &part.format, part.metadata.clone(), part.bytes.clone())
    };
    parts.into_iter().fold(asset, add)
}

fn read(bytes: &[u8]) -> PackModel {
    let pack = Pack::open(bytes).expect("what was written opens");
    let asset = |asset: packwright_format::Asset<'_>| {
        assert_eq!(asset.address(), address(asset.id()));
        assert_eq!(pack.by_address(asset.address()).map(|found| found.id()), Some(asset.id()));
        let parts = asset.parts().map(|part| (part.name().to_owned(), part_model(part))).collect();
        let labels = asset.labels().expect("canonical labels");
        (asset.id(), AssetModel { labels, preload: asset.preload(), parts })
    };
    pack.assets().map(asset).collect()
}

fn part_model(part: packwright_format::Part<'_>) -> PartModel {
    let bytes = part.bytes().expect("what was stored decodes").into_owned();
    assert_eq!((part.offset() % 64, part.raw_length()), (0, bytes.len() as u64));
    assert_eq!(part.hash(), *blake3::hash(&bytes).as_bytes());
    let mut copy = vec![0; bytes.len()];
    part.read_into(&mut copy).expect("what was stored decodes");
    assert_eq!(copy, bytes);
    PartModel { format: part.format().to_owned(), metadata: part.metadata().expect("canonical metadata"), bytes }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_what_is_read(model in pack(), lz4 in any::<bool>()) {
        let bytes = written(&model, lz4, false);
        prop_assert_eq!(read(&bytes), model);
        let opened = Pack::open(&bytes).expect("what was written opens");
        prop_assert_eq!(verify(&opened), []);
        prop_assert!(lz4 || opened.parts().all(|part| part.codec() == Codec::None));
    }

    #[test]
    fn the_order_in_which_assets_are_given_does_not_matter(model in pack()) {
        prop_assert_eq!(written(&model, true, false), written(&model, true, true));
    }
}
