//! The search, from a table of keys to the factors that they share.

use super::batch_gcd::{depth, with_the_others};
use super::coprimes::{Common, common_factors, take_apart};
use crate::rsa::RsaPublicKey;
use alloc::vec::Vec;
use core::fmt;
use dashu_int::UBig;

/// A factor that keys in a table have in common, and those keys.
///
/// Anyone can compute all of their private keys from it, and anyone who has two of the moduli can find it. `Debug` does not
/// show it.
///
/// ```
/// use ssh_keypair::{RsaPublicKey, audit::shared_primes};
///
/// let keys = [RsaPublicKey::new(&[0xff; 128], &[3])?, RsaPublicKey::new(&[0xff; 129], &[3])?];
/// let found = shared_primes(&keys);
/// assert_eq!(format!("{:?}", found[0]), "SharedFactor { keys: [0, 1], .. }");
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SharedFactor {
    keys: Vec<usize>,
    factor: Vec<u8>,
}

impl SharedFactor {
    /// The indices in the table of the keys whose moduli the factor divides, in ascending order: at least two, or one if the
    /// factor is the whole modulus of another key. That other key is not included, because the factor says nothing about its
    /// primes.
    pub fn keys(&self) -> &[usize] {
        &self.keys
    }

    /// The factor, big-endian, without leading zeros. For keys with two primes, it is a prime. For keys with more, it is a
    /// product if they share several primes of which no key in the table shares only a part.
    pub fn factor(&self) -> &[u8] {
        &self.factor
    }
}

impl fmt::Debug for SharedFactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedFactor").field("keys", &self.keys).finish_non_exhaustive()
    }
}

/// Finds the keys in a table that have a prime in common with another: one item for each shared factor.
///
/// A key appears in as many items as it has shared factors: at most two if it has two primes. The items are in the order of
/// their first keys, and their factors are pairwise coprime.
///
/// Keys with the same modulus count as one key, whatever their exponents, and share nothing with each other. If their modulus
/// shares a factor with another, all of them are reported. A key whose whole modulus divides another modulus is not reported
/// for that; the other key is.
///
/// # Time and memory
///
/// Measured with keys of 2048 bits, nearly all of which share no prime, on one thread of a 2-core x86-64 at 2.6 GHz that was
/// busy with other work too (`KEYS=100000 cargo test --release --features shared-primes --lib
/// audit::shared_primes::search::tests::scale -- --exact --ignored --nocapture`):
///
/// | keys | seconds | peak memory, MiB |
/// |---|---|---|
/// | 1 000 | 0.6 | 19 |
/// | 10 000 | 12 | 180 |
/// | 100 000 | 210 | 1549 |
///
/// A table of twice the size takes a little more than twice as long. The total length of all moduli determines the time; the
/// memory is about 60 to 80 times the size of the table. If the trees do not fit in memory, the program aborts, as with any
/// failed allocation: a service must limit the size of the table.
///
/// A malicious table can take about twenty times as long: one in which every key shares both of its primes, so that no greatest
/// common divisor is a proper factor. 10 000 keys in a ring, each sharing one prime with the key before it and one with the key
/// after it, took 236 s; 10 000 keys that all share one prime took 12 s. The time of that part is bounded by the time for a
/// table of the shared factors, times the square of the logarithm of its length.
///
/// Nothing here depends on a secret. Results are not wiped, as they follow from public keys.
///
/// ```
/// use ssh_keypair::{RsaPublicKey, audit::shared_primes};
///
/// // 2^8 - 1 divides both 2^1024 - 1 and 2^1032 - 1; 2^1024 + 1 has no factor in common with them.
/// let (a, b) = ([0xff; 128], [0xff; 129]);
/// let mut c = [0; 129];
/// (c[0], c[128]) = (1, 1);
///
/// let moduli: [&[u8]; 4] = [&a, &c, &b, &a];
/// let keys = moduli.map(|modulus| RsaPublicKey::new(modulus, &[1, 0, 1]).unwrap());
/// let found = shared_primes(&keys);
/// assert_eq!(found.len(), 1);
/// assert_eq!(found[0].keys(), [0, 2, 3]);
/// assert_eq!(found[0].factor(), [0xff]);
/// ```
#[must_use]
pub fn shared_primes(keys: &[RsaPublicKey<'_>]) -> Vec<SharedFactor> {
    shared_primes_with(keys, |_, _| ())
}

/// [`shared_primes`] with progress reports: `progress` is called with the number of steps done and the total number of steps.
///
/// Steps take unequal times. By far the longest is the division, after two thirds of the steps: a quarter of the total time.
/// With a table in which very many keys share both primes, most of the time is spent in the last step.
///
/// ```
/// use ssh_keypair::{RsaPublicKey, audit::shared_primes_with};
///
/// let keys = [RsaPublicKey::new(&[0xff; 128], &[3])?, RsaPublicKey::new(&[0xff; 129], &[3])?];
/// let mut last = (0, 0);
/// let found = shared_primes_with(&keys, |done, all| last = (done, all));
/// assert_eq!(found.len(), 1);
/// assert_eq!(last, (5, 5));
/// # Ok::<(), ssh_keypair::Error>(())
/// ```
#[must_use]
pub fn shared_primes_with(keys: &[RsaPublicKey<'_>], mut progress: impl FnMut(usize, usize)) -> Vec<SharedFactor> {
    let mut places: Vec<(&[u8], usize)> = keys.iter().map(RsaPublicKey::modulus).zip(0..).collect();
    places.sort_unstable();
    let places: Vec<&[(&[u8], usize)]> = places.chunk_by(|a, b| a.0 == b.0).collect();
    let moduli =
        places.iter().filter_map(|same| same.first()).map(|(modulus, _)| UBig::from_be_bytes(modulus)).collect();

    // The levels of three passes, the division at the root, and the separation of the shared factors.
    let (mut done, all) = (0, 3 * depth(places.len()) + 2);
    let mut step = || {
        done += 1;
        progress(done, all);
    };
    let groups = shared_factors(moduli, &mut step);
    let mut found: Vec<SharedFactor> = groups.into_iter().filter_map(|group| group.into_keys(&places)).collect();
    found.sort_unstable_by(|a, b| (&a.keys, &a.factor).cmp(&(&b.keys, &b.factor)));
    step();
    found
}

/// A factor, and the indices of the numbers that it divides.
struct Group {
    factor: UBig,
    members: Vec<usize>,
}

impl Group {
    /// The keys with the moduli, except those whose whole modulus is the factor: it says nothing about their primes, and an
    /// attacker who submits a multiple of somebody's modulus must not cause that key to be reported.
    fn into_keys(self, places: &[&[(&[u8], usize)]]) -> Option<SharedFactor> {
        let factor = self.factor.to_be_bytes().into_vec();
        let places = self.members.into_iter().filter_map(|modulus| places.get(modulus)).copied().flatten();
        let mut keys: Vec<usize> = places.filter(|(modulus, _)| *modulus != factor).map(|(_, key)| *key).collect();
        keys.sort_unstable();
        (!keys.is_empty()).then_some(SharedFactor { keys, factor })
    }
}

/// Finds the factors that distinct numbers share.
fn shared_factors(moduli: Vec<UBig>, step: &mut dyn FnMut()) -> Vec<Group> {
    let gcds = with_the_others(moduli, step);
    let mut shared: Vec<(UBig, usize)> = gcds.into_iter().zip(0..).filter(|(gcd, _)| !gcd.is_one()).collect();
    shared.sort_unstable();
    let same = shared.chunk_by(|a, b| a.0 == b.0).map(|same| Group {
        factor: same.first().map(|(gcd, _)| gcd.clone()).unwrap_or_default(),
        members: same.iter().map(|(_, modulus)| *modulus).collect(),
    });
    tell_apart(same.collect())
}

/// Turns distinct factors into coprime ones.
fn tell_apart(groups: Vec<Group>) -> Vec<Group> {
    let factors = groups.iter().map(|group| group.factor.clone()).collect();
    let in_common = with_the_others(factors, &mut || ());
    // Usually, a factor is one prime that its keys share with each other.
    let (alone, entangled): (Vec<_>, Vec<_>) = groups.into_iter().zip(in_common).partition(|(_, gcd)| gcd.is_one());
    let entangled: Vec<Group> = entangled.into_iter().map(|(group, _)| group).collect();
    let factors: Vec<UBig> = entangled.iter().map(|group| group.factor.clone()).collect();
    let coprimes = take_apart(&factors);
    let mut members: Vec<Vec<usize>> = coprimes.iter().map(|_| Vec::new()).collect();
    for Common { number, member, .. } in common_factors(&factors, &coprimes) {
        if let (Some(group), Some(members)) = (entangled.get(number), members.get_mut(member)) {
            members.extend(&group.members);
        }
    }
    let told_apart = coprimes.into_iter().zip(members).map(|(factor, members)| Group { factor, members });
    alone.into_iter().map(|(group, _)| group).chain(told_apart).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::test_numbers::number;
    use super::*;
    use crate::random::Random;
    use dashu_int::ops::Gcd;
    use std::time::Instant;
    use std::{env, format, fs, println, string::String, vec};

    /// An odd number of this many bits, instead of a prime. It can share small factors with others, as if they were primes.
    fn odd(random: &mut Random, bits: usize) -> UBig {
        number(random, bits) | UBig::ONE
    }

    fn find(moduli: &[UBig]) -> Vec<SharedFactor> {
        let moduli: Vec<_> = moduli.iter().map(UBig::to_be_bytes).collect();
        let keys: Vec<_> = moduli.iter().map(|modulus| RsaPublicKey::new(modulus, &[3]).unwrap()).collect();
        shared_primes(&keys)
    }

    fn factor(shared: &SharedFactor) -> UBig {
        UBig::from_be_bytes(shared.factor())
    }

    /// Checks the result against the greatest common divisors of all pairs.
    fn check(moduli: &[UBig]) {
        let found = find(moduli);
        for (i, a) in moduli.iter().enumerate() {
            for (j, b) in moduli.iter().enumerate().filter(|(_, b)| *b != a) {
                let mut common = a.gcd(b);
                let together = found.iter().filter(|shared| shared.keys.contains(&i) && shared.keys.contains(&j));
                for factor in together.map(factor) {
                    assert!(common.is_multiple_of(&factor));
                    while !(&common).gcd(&factor).is_one() {
                        common /= (&common).gcd(&factor);
                    }
                }
                // If the factor is a whole modulus, only the other key is reported.
                let whole = &common == a || &common == b;
                assert!(whole || common.is_one(), "keys {i} and {j} share {common} in addition to what was found");
            }
        }
        for (i, shared) in found.iter().enumerate() {
            let others = found.iter().skip(i + 1);
            assert!(others.map(factor).all(|other| other.gcd(factor(shared)).is_one()));
            assert!(shared.keys.is_sorted_by(|a, b| a < b));
            assert!(shared.keys.iter().any(|key| moduli[*key] != moduli[shared.keys[0]]));
            assert!(shared.keys.iter().all(|key| moduli[*key] != factor(shared)));
        }
    }

    #[test]
    fn what_is_found_is_what_all_pairs_have_in_common() {
        let mut random = Random(1);
        for round in 0..40 {
            let pool: Vec<UBig> = (0..8 + round).map(|_| odd(&mut random, 520)).collect();
            let moduli: Vec<UBig> =
                (0..round).map(|_| &pool[random.below(pool.len())] * &pool[random.below(pool.len())]).collect();
            check(&moduli);
        }
    }

    #[test]
    fn keys_of_very_different_lengths_are_compared() {
        let mut random = Random(1);
        let p = odd(&mut random, 512);
        let moduli: Vec<UBig> = (0..20).map(|i| &p * odd(&mut random, 600 + 780 * i)).collect();
        check(&moduli);
        assert!(find(&moduli).iter().any(|shared| shared.keys().len() == 20));
    }

    /// 2^n - 1, a prime for each n that is used here.
    fn mersenne(n: usize) -> UBig {
        (UBig::ONE << n) - UBig::ONE
    }

    #[test]
    fn a_shared_prime_is_named_with_its_keys() {
        let [p, q, r, s] = [521, 607, 1279, 2203].map(mersenne);
        let found = find(&[&p * &q, &r * &s, &q * &r]);
        let named: Vec<_> = found.iter().map(|shared| (factor(shared), shared.keys())).collect();
        assert_eq!(named, [(q, &[0, 2][..]), (r, &[1, 2])]);
    }

    #[test]
    fn a_key_of_two_shared_primes_is_distinguished_from_its_partners() {
        let [p, q, r] = [521, 607, 1279].map(mersenne);
        let found = find(&[&p * &q, &q * &r, &p * &r]);
        let named: Vec<_> = found.iter().map(|shared| (factor(shared), shared.keys())).collect();
        assert_eq!(named, [(q, &[0, 1][..]), (p, &[0, 2]), (r, &[1, 2])]);
    }

    #[test]
    fn equal_moduli_are_one_key() {
        let [p, q, r] = [521, 607, 1279].map(mersenne);
        assert_eq!(find(&[&p * &q, &p * &q]), []);
        let found = find(&[&p * &q, &q * &r, &p * &q]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].keys(), [0, 1, 2]);
        assert_eq!(factor(&found[0]), q);
    }

    #[test]
    fn a_square_shares_its_prime_with_others_alone() {
        let [p, q, r] = [521, 607, 1279].map(mersenne);
        assert_eq!(find(&[&p * &p, &q * &r]), []);
        let found = find(&[&p * &p, &q * &r, &p * &q]);
        let named: Vec<_> = found.iter().map(|shared| (factor(shared), shared.keys())).collect();
        assert_eq!(named, [(p, &[0, 2][..]), (q, &[1, 2])]);
    }

    #[test]
    fn primes_that_are_shared_together_are_one_factor() {
        let [p, q, r] = [521, 607, 1279].map(mersenne);
        let found = find(&[&p * &q, &p * &q * &r, &p * &q * mersenne(2203)]);
        assert_eq!(found.len(), 1);
        assert_eq!(factor(&found[0]), p * q);
        assert_eq!(found[0].keys(), [1, 2]);
    }

    #[test]
    fn a_key_is_not_named_for_a_multiple_of_its_modulus() {
        let [p, q, r, s] = [521, 607, 1279, 2203].map(mersenne);
        let (victim, other) = (&p * &q, &r * &s);
        for multiple in [&victim * UBig::from(3u8), &victim * &other, &victim * &victim] {
            let found = find(&[victim.clone(), multiple, other.clone()]);
            assert!(!found.is_empty() && found.iter().all(|shared| shared.keys() == [1]), "{found:?}");
        }
        // But it is named for a prime that another key has.
        let found = find(&[victim.clone(), &victim * UBig::from(3u8), &q * &r]);
        assert!(found.iter().any(|shared| factor(shared) == q && shared.keys() == [0, 1, 2]));
    }

    #[test]
    fn a_table_of_no_key_or_one_shares_nothing() {
        assert_eq!(find(&[]), []);
        assert_eq!(find(&[mersenne(521) * mersenne(607)]), []);
    }

    #[test]
    fn progress_counts_every_step_up_to_the_last_one() {
        let moduli: Vec<Vec<u8>> = (128..141).map(|bytes| vec![0xff; bytes]).collect();
        for n in 0..moduli.len() {
            let keys: Vec<_> = moduli[..n].iter().map(|modulus| RsaPublicKey::new(modulus, &[3]).unwrap()).collect();
            let (mut steps, mut total) = (Vec::new(), 0);
            let _ = shared_primes_with(&keys, |done, all| {
                steps.push(done);
                total = all;
            });
            assert_eq!(steps, (1..=total).collect::<Vec<_>>());
        }
    }

    /// All pairs of a few numbers, and a ring, in which a key shares one factor with the key before it and one with the key
    /// after it: everything is shared, and no greatest common divisor with the others is a proper factor.
    #[test]
    fn tables_in_which_every_prime_is_shared_are_solved() {
        let mut random = Random(1);
        let p: Vec<UBig> = (0..16).map(|_| odd(&mut random, 512)).collect();
        let pairs: Vec<UBig> = (0..16).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| &p[i] * &p[j]).collect();
        let long: Vec<UBig> = pairs.iter().map(|pair| pair * mersenne(61)).collect();
        check(&long);
        let ring: Vec<UBig> = p.iter().zip(p.iter().cycle().skip(1)).map(|(a, b)| a * b * mersenne(61)).collect();
        check(&ring);
    }

    /// The peak memory of this process, in MiB.
    fn peak() -> usize {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).map(String::from).unwrap_or_default();
        line.trim().trim_end_matches(" kB").parse().map_or(0, |kib: usize| kib / 1024)
    }

    /// Measures a table, and prints the time and the peak memory.
    fn measure(name: &str, moduli: Vec<UBig>) -> Vec<SharedFactor> {
        let moduli: Vec<_> = moduli.iter().map(UBig::to_be_bytes).collect();
        let keys: Vec<_> = moduli.iter().map(|modulus| RsaPublicKey::new(modulus, &[3]).unwrap()).collect();
        let (before, start) = (peak(), Instant::now());
        let found = shared_primes_with(&keys, |done, all| {
            if env::var_os("STEPS").is_some() {
                println!("{done} of {all}: {:.1} s", start.elapsed().as_secs_f64());
            }
        });
        let (seconds, keys) = (start.elapsed().as_secs_f64(), keys.len());
        println!("{name}: {keys} keys, {seconds:.1} s, peak {} MiB, {before} before", peak());
        found
    }

    /// The number of keys: the environment variable `KEYS`, or 1000.
    fn keys() -> usize {
        env::var("KEYS").ok().and_then(|keys| keys.parse().ok()).unwrap_or(1000)
    }

    /// `count` numbers of `bits` bits that are pairwise coprime: those in a window of `length` odd numbers that are not
    /// divisible by any prime that could divide two of them.
    fn coprimes(random: &mut Random, count: usize, bits: usize) -> Vec<UBig> {
        let length = 32 * count + 1000;
        let start = odd(random, bits);
        let mut struck = vec![false; length];
        let mut composite = vec![false; length];
        for p in (3..length).step_by(2) {
            if composite[p] {
                continue;
            }
            (p * p..length).step_by(p).for_each(|multiple| composite[multiple] = true);
            let remainder = usize::try_from(&start % UBig::from(p)).unwrap();
            // start + 2i is a multiple of p.
            let first = (p - remainder) * p.div_ceil(2) % p;
            (first..length).step_by(p).for_each(|i| struck[i] = true);
        }
        let left = (0..length).filter(|i| !struck[*i]).take(count);
        left.map(|i| &start + UBig::from(2 * i)).collect()
    }

    #[test]
    fn the_numbers_of_a_measurement_have_nothing_in_common() {
        let mut moduli = coprimes(&mut Random(1), 1000, 1024);
        assert_eq!(moduli.len(), 1000);
        assert_eq!(find(&moduli), []);
        moduli[7] *= mersenne(521);
        moduli[8] *= mersenne(521);
        assert_eq!(find(&moduli)[0].keys(), [7, 8]);
    }

    #[test]
    #[ignore = "a measurement: KEYS=100000 for minutes"]
    fn scale() {
        let mut random = Random(1);
        let mut moduli = coprimes(&mut random, keys(), 2048);
        let p = coprimes(&mut random, 4, 1024);
        for (place, q) in [17, 300, 999].into_iter().zip(&p[1..]) {
            moduli[place] = &p[0] * q;
        }
        let found = measure("scale", moduli);
        assert_eq!(found.len(), 1);
        assert_eq!((factor(&found[0]), found[0].keys()), (p[0].clone(), &[17, 300, 999][..]));
    }

    #[test]
    #[ignore = "a measurement"]
    fn scale_where_everything_is_shared() {
        let mut random = Random(1);
        let keys = keys();
        let p = coprimes(&mut random, keys + 1, 1024);
        let found = measure("one prime in all", p.iter().skip(1).map(|q| q * &p[0]).collect());
        assert_eq!(found.len(), 1);
        let few = (0..).take_while(|n| n * (n - 1) / 2 <= keys).last().unwrap_or_default();
        let pairs = (0..few).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| &p[i] * &p[j]);
        assert_eq!(measure(&format!("all pairs of {few} primes"), pairs.collect()).len(), few);
        let ring = p.iter().zip(p.iter().cycle().skip(1)).map(|(a, b)| a * b);
        assert_eq!(measure("a ring", ring.collect()).len(), keys + 1);
    }
}
