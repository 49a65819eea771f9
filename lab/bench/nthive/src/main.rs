// Reads every key of a hive, and every value with its data, with the crate nt-hive, and
// prints how many they are. As -count-hive of bench, it prints nothing else.
use nt_hive::{Hive, KeyNode, KeyValueData};
use zerocopy::SplitByteSlice;

#[derive(Default)]
struct Count {
    items: usize,
    bytes: usize,
    errors: usize,
}

fn walk<B: SplitByteSlice>(key: KeyNode<B>, count: &mut Count) {
    count.items += 1;
    if let Some(Ok(values)) = key.values() {
        for value in values {
            let Ok(value) = value else {
                count.errors += 1;
                continue;
            };
            count.items += 1;
            count.bytes += match value.data() {
                Ok(KeyValueData::Small(data)) => data.len(),
                Ok(KeyValueData::Big(parts)) => parts.map(|p| p.map_or(0, |p| p.len())).sum(),
                Err(_) => {
                    count.errors += 1;
                    0
                }
            };
        }
    }
    if let Some(Ok(subkeys)) = key.subkeys() {
        for subkey in subkeys {
            match subkey {
                Ok(subkey) => walk(subkey, count),
                Err(_) => count.errors += 1,
            }
        }
    }
}

fn main() {
    let name = std::env::args().nth(1).expect("usage: nthive HIVE");
    let data = std::fs::read(name).unwrap();
    // A dirty hive fails the validation.
    let hive = Hive::new(data.as_ref()).or_else(|_| Hive::without_validation(data.as_ref()));
    let mut count = Count::default();
    walk(hive.unwrap().root_key_node().unwrap(), &mut count);
    println!("{}", count.items);
    eprintln!("{} bytes of data, {} errors", count.bytes, count.errors);
}
