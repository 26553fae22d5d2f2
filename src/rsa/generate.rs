//! FIPS 186-5, Appendix A.1.3: generation of random primes that are probably prime. The numbers in brackets are its steps.
//! SECURITY.md lists the steps that the code follows in effect but not to the letter.

use super::at_width::at_width;
#[cfg(any(test, fuzzing, ssh_keypair_internals))]
use super::candidate::Replay;
use super::candidate::{CandidateSource, Order, Wheel};
use super::components::Components;
use super::det_keygen::DetKeygen;
use super::primality::{self, MAX_ROUNDS, Tested};
use super::private_key::RsaPrivateKey;
use super::storage::{GENERATED_EXPONENT, Sizes};
use crate::error::{Error, ErrorKind, Field};
use crate::kernels::bignum::limbs::{from_be_bytes, less, select, sub};
use crate::kernels::bignum::{Backend, MAX_CANDIDATE_LANES, Power};
use crate::kernels::cpu::on_best_backend;
use crate::kernels::declassify::{classify, declassify};
use crate::random::HmacDrbg;
use crate::random::{check_seed, fill};
use crate::wipe::on_wiped_stack;
use rand_core::{TryCryptoRng, TryRng};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroizing;

impl RsaPrivateKey {
    /// The number of bits in the shortest modulus that can be generated. Sizes are multiples of 16.
    pub const MIN_BITS: usize = 2048;

    /// Generates a key of `bits` bits with the operating system's randomness: see [`RsaPrivateKey::generate_with`].
    ///
    /// ```
    /// # use ssh_keypair::{ErrorKind, RsaPrivateKey};
    /// assert_eq!(RsaPrivateKey::generate(1024).unwrap_err().kind(), ErrorKind::InvalidValue);
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`RsaPrivateKey::generate_with`].
    #[cfg(feature = "getrandom")]
    pub fn generate(bits: usize) -> Result<Self, Error> {
        Self::generate_with(bits, &mut getrandom::SysRng)
    }

    /// Generates a key of `bits` bits by FIPS 186-5, Appendix A.1.3. `bits` must be a multiple of 16 from
    /// [`RsaPrivateKey::MIN_BITS`] to [`RsaPrivateKey::MAX_BITS`].
    ///
    /// The time is random, because the number of candidates is; it does not depend on the primes of the key. The number of
    /// bytes that are drawn from the generator depends on the machine, because a CPU that tests several candidates at once
    /// draws them in advance; the key does not depend on the machine. In an optimised build, a stack of 96 KiB is enough for
    /// 2048 bits, and one of 256 KiB for 8192.
    ///
    /// ```
    /// use ssh_keypair::RsaPrivateKey;
    /// # #[cfg(feature = "getrandom")] {
    /// let key = RsaPrivateKey::generate_with(2064, &mut getrandom::SysRng)?;
    /// assert_eq!(key.modulus().len(), 2064 / 8);
    /// # }
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidValue`] for any other size; [`ErrorKind::RandomnessUnavailable`] if the generator fails;
    /// [`ErrorKind::BrokenRandomness`] if its output cannot be random; [`ErrorKind::InconsistentKey`] if the hardware
    /// miscalculates. No error leaves a secret behind.
    pub fn generate_with<R: TryCryptoRng + ?Sized>(bits: usize, rng: &mut R) -> Result<Self, Error> {
        let mut key = Self::empty(bits)?;
        // The bases have their own generator, so that the stream of candidates is a function of `rng` alone.
        let mut seed = Zeroizing::new([0; 32]);
        fill(rng, &mut *seed)?;
        classify(&mut *seed);
        let prime_bits = bits / 2;
        at_width!(prime_bits, L => make::<_, _, L>(&mut key, &*seed, || Wheel::new(prime_bits, rng)))?;
        Ok(key)
    }

    /// Derives the key of `bits` bits that belongs to a seed, by the C2SP specification det-keygen. It is the same on every
    /// machine and in every program that follows the specification.
    ///
    /// Anyone who has the seed has the key: the seed must be a secret with at least 128 random bits, and you must wipe it as
    /// one. The time depends on the seed, because the candidates do; someone who can measure it many times learns something
    /// about the candidates. p may be the smaller of the two primes.
    ///
    /// ```
    /// use ssh_keypair::RsaPrivateKey;
    ///
    /// let seed = *b"thirty-two bytes, but not random";
    /// let key = RsaPrivateKey::from_seed(2048, &seed)?;
    /// assert_eq!(key, RsaPrivateKey::from_seed(2048, &seed)?);
    /// # Ok::<(), ssh_keypair::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SeedTooShort`] for fewer than 16 bytes; [`ErrorKind::InvalidValue`] for a size that cannot be generated;
    /// [`ErrorKind::InconsistentKey`] if the hardware miscalculates; [`ErrorKind::BrokenRandomness`] if the seed has no two
    /// suitable primes within the limits of the standard, with a probability below 2^-80.
    pub fn from_seed(bits: usize, seed: &[u8]) -> Result<Self, Error> {
        check_seed(seed)?;
        let mut key = Self::empty(bits)?;
        let nlen = u16::try_from(bits).map_err(|_| Error::new(ErrorKind::InvalidValue))?;
        at_width!(bits / 2, L => make::<_, _, L>(&mut key, seed, || DetKeygen::new(nlen, seed)))?;
        Ok(key)
    }

    /// Creates the key from the first two primes in a list of candidates, big-endian. The primes may be below the bound of the
    /// standard.
    #[cfg(any(test, fuzzing, ssh_keypair_internals))]
    pub(crate) fn replay(bits: usize, candidates: &[impl AsRef<[u8]>]) -> Result<Self, Error> {
        let mut key = Self::empty(bits)?;
        at_width!(bits / 2, L => make::<_, _, L>(&mut key, b"replay", || Replay(candidates.iter())))?;
        Ok(key)
    }

    /// A key of zeros, if its size can be generated.
    pub(super) fn empty(bits: usize) -> Result<Self, Error> {
        if !(Self::MIN_BITS..=Self::MAX_BITS).contains(&bits) || !bits.is_multiple_of(16) {
            return Err(Field::KeySize.error(ErrorKind::InvalidValue));
        }
        let mut key = Self::zeros(Sizes::of_generated(bits));
        key.put(&GENERATED_EXPONENT, [&[]; 7]);
        Ok(key)
    }
}

/// The generator of the Miller-Rabin bases, and of the message that the check signs.
pub(super) fn bases(seed: &[u8]) -> HmacDrbg {
    HmacDrbg::new(&[seed, b"Miller-Rabin bases"])
}

/// Creates the key, and then wipes the stack that this used.
fn make<S: CandidateSource<L>, F: FnOnce() -> S, const L: usize>(
    key: &mut RsaPrivateKey,
    seed: &[u8],
    source: F,
) -> Result<(), Error> {
    on_wiped_stack::<L, _>(|| run(key, seed, source))
}

/// The search at one width, on the best backend of this machine. The generators are not passed in, but created here, in the
/// part of the stack that is wiped.
fn run<S: CandidateSource<L>, F: FnOnce() -> S, const L: usize>(
    key: &mut RsaPrivateKey,
    seed: &[u8],
    source: F,
) -> Result<(), Error> {
    let (mut source, mut bases) = (source(), bases(seed));
    let mut components = Components::new(key.bits() / 2);
    on_best_backend!(backend => find(&mut components, &mut source, &mut bases, backend))?;
    key.fill(&components);
    Ok(())
}

/// Creates the key from the first two suitable primes of the source.
pub(super) fn find<S: CandidateSource<L>, B: Backend, const L: usize>(
    components: &mut Components<L>,
    source: &mut S,
    bases: &mut HmacDrbg,
    backend: B,
) -> Result<(), Error> {
    let bits = components.bits;
    let mut search = Search::new(bits, source, backend);
    // [4.7], [5.8]: the standard's limits, 5 nlen candidates for p and 10 nlen for q. A wheel candidate of 1024 bits is prime
    // with a probability of 1/96, so that 10,240 of them include no prime with a probability below 2^-150. A candidate from a
    // seed is prime with a probability of 1/177, which gives 2^-83.
    let nlen = 2 * bits;
    let mut first = Zeroizing::new([0; L]);
    let mut second = Zeroizing::new([0; L]);
    search.next(5 * nlen, &mut first)?;
    search.next(10 * nlen, &mut second)?;
    loop {
        // [4.7], [5.8]: together, the limits are 15 nlen, however many numbers Miller-Rabin or [4.5] and [5.6] reject after the
        // screen. Without this check, a CPU that miscalculates every round would make the search endless.
        if search.last > 15 * nlen {
            return Err(Error::new(ErrorKind::BrokenRandomness));
        }
        // [5.5]: |p-q| > 2^(nlen/2 - 100). A sound generator violates this once in 2^98 keys.
        if !declassify(far_apart(bits, &first, &second)) {
            return Err(Error::new(ErrorKind::BrokenRandomness));
        }
        let verdict = complete::<S, B, L>(components, &first, &second, bases, backend);
        if !declassify(verdict.first_is_prime) {
            // [4.6]. It is next to impossible that a composite passes the screen. If it does, the search continues.
            *first = *second;
            search.next(10 * nlen, &mut second)?;
        } else if !declassify(verdict.second_is_prime) {
            // [5.7].
            search.next(10 * nlen, &mut second)?;
        } else if !declassify(components.suitable) {
            // [4.5], [5.6]: gcd(p-1, e) = gcd(q-1, e) = 1. The standard drops only the unsuitable prime; det-keygen drops both,
            // and the distribution is the same. This happens once in 32,768 keys.
            search.next(5 * nlen, &mut first)?;
            search.next(10 * nlen, &mut second)?;
        } else if declassify(verdict.consistent & components.private_exponent_is_large()) {
            return Ok(());
        } else {
            // The hardware miscalculates. That is also the only cause of d <= 2^(nlen/2) (A.1.1, criterion 3): e d is above
            // lambda, which is at least 2^(nlen - 33), so d has at least nlen - 50 bits.
            return Err(Error::new(ErrorKind::InconsistentKey));
        }
    }
}

/// What [`complete`] found.
pub(super) struct Verdict {
    pub(super) first_is_prime: Choice,
    pub(super) second_is_prime: Choice,
    /// Meaningless unless both are prime.
    consistent: Choice,
}

/// Puts two numbers that passed the screen through their Miller-Rabin rounds, and makes a key of them.
///
/// The rounds, qInv, and the signature of a message are independent exponentiations. They form one list, which a backend may
/// spread over its lanes.
pub(super) fn complete<S: CandidateSource<L>, B: Backend, const L: usize>(
    components: &mut Components<L>,
    first: &[u64; L],
    second: &[u64; L],
    bases: &mut HmacDrbg,
    backend: B,
) -> Verdict {
    let bits = components.bits;
    let swap = less(first, second) & Choice::from(u8::from(S::ORDER == Order::LargerFirst));
    let (mut p, mut q) = (Zeroizing::new(*first), Zeroizing::new(*second));
    for (p, q) in p.iter_mut().zip(q.iter_mut()) {
        u64::conditional_swap(p, q, swap);
    }
    components.assemble(&p, &q);
    let tested = [Tested::new(first), Tested::new(second)];
    let message = message(bits, bases);

    let mut prime = [Choice::from(1); 2];
    let mut results = Zeroizing::new([[0; L]; 3]);
    {
        let mut fixed = components.powers().into_iter();
        let mut powers: [Power<'_, L>; 3 + 2 * MAX_ROUNDS] =
            core::array::from_fn(|i| fixed.next().unwrap_or_else(|| tested[i % 2].round()));
        let (powers, _) = powers.split_at_mut(3 + 2 * primality::rounds(bits));
        components.put_bases(powers, &message);
        for (i, round) in powers.iter_mut().enumerate().skip(3) {
            tested[i % 2].draw_base(&mut round.value, bases);
        }
        backend.power(bits, powers);
        for (i, round) in powers.iter().enumerate().skip(3) {
            prime[i % 2] &= primality::passed(round);
        }
        for (result, power) in results.iter_mut().zip(powers) {
            *result = power.value;
        }
    }
    let [coefficient, signed_p, signed_q] = &*results;
    components.coefficient = *coefficient;
    let consistent = components.consistent(&message, [signed_p, signed_q]);
    let [first_is_prime, second_is_prime] = prime;
    Verdict { first_is_prime, second_is_prime, consistent }
}

/// A random number of fewer than `bits` bits, and so below every prime of `bits` bits.
fn message<const L: usize>(bits: usize, rng: &mut HmacDrbg) -> Zeroizing<[u64; L]> {
    let mut bytes = Zeroizing::new([0; 512]);
    let bytes = &mut bytes[..(bits - 1) / 8];
    let Ok(()) = rng.try_fill_bytes(bytes);
    let mut message = Zeroizing::new([0; L]);
    from_be_bytes(bytes, &mut *message);
    message
}

/// Whether |a-b| > 2^(bits-100).
fn far_apart<const L: usize>(bits: usize, a: &[u64; L], b: &[u64; L]) -> Choice {
    let smaller = less(a, b);
    let mut difference = Zeroizing::new(select(a, b, smaller));
    sub(&mut *difference, &select(b, a, smaller));
    let mut bound = [0; L];
    bound[(bits - 100) / 64] = 1 << ((bits - 100) % 64);
    less(&bound, &difference)
}

/// The numbers of a source that pass the screen, in the order of the source.
///
/// It draws as many candidates from the source as the backend has lanes, and tests them together. The source cannot rewind, so
/// a batch may run ahead of the number that is asked for.
pub(crate) struct Search<'a, S, B, const L: usize> {
    bits: usize,
    source: &'a mut S,
    backend: B,
    /// How many candidates were drawn from the source.
    drawn: usize,
    /// The value of `drawn` for the last number that was returned.
    last: usize,
    /// Survivors of the sieve; below, the value of `drawn` for each, and whether it passed the screen.
    batch: Zeroizing<[[u64; L]; MAX_CANDIDATE_LANES]>,
    counts: [usize; MAX_CANDIDATE_LANES],
    passed: [Choice; MAX_CANDIDATE_LANES],
    /// The index of the next survivor, and of the end.
    next: usize,
    end: usize,
    /// The candidate whose count was the last power of two.
    mark: Zeroizing<[u64; L]>,
    /// The error after which the source is not read again.
    failure: Option<Error>,
}

impl<'a, S: CandidateSource<L>, B: Backend, const L: usize> Search<'a, S, B, L> {
    pub(crate) fn new(bits: usize, source: &'a mut S, backend: B) -> Self {
        Self {
            bits,
            source,
            backend,
            drawn: 0,
            last: 0,
            batch: Zeroizing::new([[0; L]; MAX_CANDIDATE_LANES]),
            counts: [0; MAX_CANDIDATE_LANES],
            passed: [Choice::from(0); MAX_CANDIDATE_LANES],
            next: 0,
            end: 0,
            mark: Zeroizing::new([0; L]),
            failure: None,
        }
    }

    /// Writes the next number that passes into `number`, if it is among the `limit` candidates after the last one.
    pub(crate) fn next(&mut self, limit: usize, number: &mut [u64; L]) -> Result<(), Error> {
        loop {
            while self.next < self.end {
                let i = self.next;
                self.next += 1;
                if declassify(self.passed[i]) {
                    self.last = self.counts[i];
                    *number = self.batch[i];
                    return Ok(());
                }
            }
            self.fill(limit)?;
            let batch = &self.batch[..self.end];
            self.backend.euler_base_2(self.bits, batch, &mut self.passed);
        }
    }

    /// Refills the batch. It is short only if the limit is reached or the source fails. Even then it is never empty: the
    /// candidates that were drawn before are tested first, as with a single lane.
    fn fill(&mut self, limit: usize) -> Result<(), Error> {
        (self.next, self.end) = (0, 0);
        let mut candidate = Zeroizing::new([0; L]);
        while self.failure.is_none() && self.end < B::LANES && self.drawn - self.last < limit {
            if let Err(error) = self.source.next(&mut candidate) {
                self.failure = Some(error);
                break;
            }
            classify(&mut *candidate);
            self.drawn += 1;
            // Brent's cycle detection. A generator that runs in a cycle meets the marked candidate again, within about three
            // periods. A candidate that occurs twice without a cycle is not noticed, unless it is the mark.
            if declassify(candidate.ct_eq(&*self.mark)) {
                self.failure = Some(Error::new(ErrorKind::BrokenRandomness));
                break;
            }
            if self.drawn.is_power_of_two() {
                *self.mark = *candidate;
            }
            if !self.backend.has_small_factor(&candidate) {
                self.batch[self.end] = *candidate;
                self.counts[self.end] = self.drawn;
                self.end += 1;
            }
        }
        match &self.failure {
            _ if self.end > 0 => Ok(()),
            Some(error) => Err(*error),
            None => Err(Error::new(ErrorKind::BrokenRandomness)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::bignum::fermat;
    use crate::kernels::bignum::limbs::{mul, mul_small, to_be_bytes};
    use crate::kernels::cpu::{Portable, on_every_backend};
    use std::cell::Cell;
    use std::vec::Vec;

    fn bases() -> HmacDrbg {
        super::bases(b"test")
    }

    /// Primes of 512 bits from the wheel.
    fn primes(count: usize) -> Vec<[u64; 8]> {
        let mut rng = HmacDrbg::new(&[b"candidates"]);
        let mut source = Wheel::<_, 8>::new(512, &mut rng);
        let mut search = Search::new(512, &mut source, Portable);
        let mut next = || {
            let mut prime = [0; 8];
            search.next(10_000, &mut prime).map(|()| prime).unwrap()
        };
        (0..count).map(|_| next()).collect()
    }

    fn find_from(candidates: impl Iterator<Item = [u64; 8]>) -> Result<Components<8>, Error> {
        let mut components = Components::new(512);
        let bytes = candidates.map(|candidate| {
            let mut bytes = [0; 64];
            to_be_bytes(&candidate, &mut bytes);
            bytes
        });
        find(&mut components, &mut Replay(bytes), &mut bases(), Portable).map(|()| components)
    }

    fn find_in(candidates: &[[u64; 8]]) -> Result<Components<8>, Error> {
        find_from(candidates.iter().copied())
    }

    #[test]
    fn the_first_two_primes_make_the_key_and_the_larger_is_p() {
        let primes = primes(2);
        let mut composite = primes[0];
        composite[0] ^= 2;
        let components = find_in(&[composite, primes[0], composite, composite, primes[1]]).unwrap();
        let mut found = [components.p, components.q];
        assert!(bool::from(less(&found[1], &found[0])));
        if found[0] != primes[0] {
            found.reverse();
        }
        assert_eq!(found[..], primes[..]);
    }

    /// The key of a stream of candidates, by each backend.
    fn keys_of<const L: usize>(nlen: usize, stream: &[u8]) -> Vec<[[u64; L]; 5]> {
        let mut keys = Vec::new();
        on_every_backend!(backend => {
            let mut components = Components::<L>::new(nlen / 2);
            let mut rng = HmacDrbg::new(&[stream]);
            find(&mut components, &mut Wheel::new(nlen / 2, &mut rng), &mut bases(), backend).unwrap();
            let [low, high] = components.modulus;
            keys.push([low, high, components.p, components.exponent_p, components.coefficient]);
        });
        keys
    }

    #[test]
    fn every_backend_makes_the_same_key() {
        fn agree<const L: usize>(nlen: usize, stream: u8) {
            let keys = keys_of::<L>(nlen, &[stream]);
            assert!(keys.iter().all(|key| key == &keys[0]), "{nlen} bits, stream {stream}");
        }
        (0..6).for_each(|stream| agree::<16>(2048, stream));
        (0..2).for_each(|stream| agree::<24>(2064, stream));
        (0..2).for_each(|stream| agree::<24>(3072, stream));
        agree::<32>(4096, 0);
        agree::<48>(4112, 0);
    }

    /// A prime 2 * 65537 * k + 1 of 512 bits, from the largest k down.
    fn one_modulo_e() -> [u64; 8] {
        let mut multiplier = [u64::MAX; 8];
        multiplier[7] = u64::MAX >> 18;
        let mut k = 0;
        loop {
            let mut n = multiplier;
            n[0] -= 2 * k;
            mul_small(&mut n, 2 * fermat::E, 1);
            let mut passed = [Choice::from(0)];
            if n[7] >> 63 == 1 && !Portable.has_small_factor(&n) {
                Portable.euler_base_2(512, &[n], &mut passed);
            }
            if passed[0].into() {
                return n;
            }
            k += 1;
        }
    }

    /// n = p(2p-1), where both factors are prime and 2^((n-1)/2) = (2/n): an Euler pseudoprime to base 2.
    fn pseudoprime() -> [u64; 8] {
        let p = [0x4729_41d3_5642_f56d, 0x6da7_98f6_ac37_2bd4, 0x77b0_a641_8509_2726, 0xabba_e2a2_7f93_1764];
        let mut q = [p[0], p[1], p[2], p[3], 0, 0, 0, 0];
        mul_small(&mut q, 2, 0);
        sub(&mut q, &[1]);
        mul(&[p[0], p[1], p[2], p[3], 0, 0, 0, 0], &q)[0]
    }

    /// 2^510 + 2^511 + 3 + 6i: all are multiples of three.
    fn multiple_of_three(i: u64) -> [u64; 8] {
        [3 + 6 * i, 0, 0, 0, 0, 0, 0, 3 << 62]
    }

    #[test]
    fn a_pair_with_a_prime_that_is_one_modulo_e_is_dropped() {
        let unsuitable = one_modulo_e();
        assert_eq!(fermat::reduce(&unsuitable), 1);
        let primes = primes(3);
        let expected = find_in(&primes[1..]).unwrap();
        for pair in [[unsuitable, primes[0]], [primes[0], unsuitable]] {
            let found = find_in(&[pair[0], pair[1], primes[1], primes[2]]).unwrap();
            assert_eq!((found.p, found.q), (expected.p, expected.q));
        }
    }

    #[test]
    fn composites_that_pass_the_screen_fail_miller_rabin_and_the_search_goes_on() {
        let pseudoprime = pseudoprime();
        let mut passed = [Choice::from(0)];
        Portable.euler_base_2(512, &[pseudoprime], &mut passed);
        assert!(bool::from(passed[0]));

        let primes = primes(2);
        let expected = find_in(&primes).unwrap();
        for candidates in
            [[pseudoprime, primes[0], primes[1], primes[0]], [primes[0], pseudoprime, primes[1], pseudoprime]]
        {
            let found = find_in(&candidates).unwrap();
            assert_eq!((found.p, found.q), (expected.p, expected.q));
        }
    }

    #[test]
    fn equal_primes_are_rejected_as_stuck_randomness() {
        let prime = primes(1)[0];
        let error = find_in(&[prime, prime]).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::BrokenRandomness);
    }

    #[test]
    fn primes_must_differ_by_more_than_two_to_the_412() {
        let a = [9, 0, 0, 0, 0, 0, 1 << 60, 3 << 62];
        let mut b = a;
        b[6] += 1 << 28;
        assert!(!bool::from(far_apart(512, &a, &b)) && !bool::from(far_apart(512, &b, &a)));
        b[0] += 1;
        assert!(bool::from(far_apart(512, &a, &b)) && bool::from(far_apart(512, &b, &a)));
    }

    #[test]
    fn a_source_that_repeats_itself_is_found_out() {
        for period in 1..40 {
            let drawn = Cell::new(0);
            let cycle = (0..period).cycle().map(|i| {
                drawn.set(drawn.get() + 1);
                multiple_of_three(i)
            });
            let error = find_from(cycle).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::BrokenRandomness);
            assert!(drawn.get() <= 3 * period, "{} candidates for a period of {period}", drawn.get());
        }
    }

    /// 5 nlen candidates for the first prime, and 10 nlen for the second: here, nlen is 1024.
    #[test]
    fn the_search_ends_at_the_limit_of_the_standard() {
        let (primes, composite, unsuitable) = (primes(2), pseudoprime(), one_modulo_e());
        for (found, limit) in [
            (&[][..], 5 * 1024),
            (&[primes[0]], 10 * 1024),
            // A number of the pair is composite, so that one is missing.
            (&[composite, primes[0]], 10 * 1024),
            (&[primes[0], composite], 10 * 1024),
            // The pair is dropped, so that both are missing.
            (&[unsuitable, primes[0]], 5 * 1024),
            (&[unsuitable, primes[0], primes[1]], 10 * 1024),
        ] {
            let drawn = Cell::new(0);
            let candidates = found.iter().copied().chain((0..).map(multiple_of_three)).inspect(|_| {
                drawn.set(drawn.get() + 1);
            });
            let error = find_from(candidates).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::BrokenRandomness);
            assert_eq!(drawn.get(), found.len() + limit);
        }
    }

    /// A backend that does no arithmetic, and judges a number by its second byte.
    #[derive(Clone, Copy)]
    struct Script<'a, const LANES: usize> {
        /// The number of exponentiations.
        powers: &'a Cell<usize>,
    }

    #[derive(Clone, Copy, PartialEq)]
    enum Role {
        FailsTheScreen,
        FailsMillerRabin,
        Prime,
    }

    /// A number of 128 bits with a role.
    fn actor(role: Role, i: u64) -> [u64; 2] {
        [(role as u64) << 8 | 1, 3 << 62 | i]
    }

    fn plays<const L: usize>(role: Role, number: &[u64; L]) -> bool {
        number[0] >> 8 & 0xff == role as u64
    }

    impl<const LANES: usize> Backend for Script<'_, LANES> {
        const LANES: usize = LANES;

        fn has_small_factor<const L: usize>(self, _: &[u64; L]) -> bool {
            false
        }

        fn has_factor_below_2_17_vartime(self, _: &[u64]) -> bool {
            unreachable!("nothing is audited")
        }

        fn euler_base_2_side_by_side<const L: usize>(self, _: usize, candidates: &[[u64; L]], passed: &mut [Choice]) {
            for (candidate, passed) in candidates.iter().zip(passed) {
                *passed = Choice::from(u8::from(!plays(Role::FailsTheScreen, candidate)));
            }
        }

        fn power_side_by_side<const L: usize>(self, _: usize, powers: &mut [Power<'_, L>]) {
            self.powers.set(self.powers.get() + powers.len());
            for power in powers {
                power.met_minus_one = Choice::from(u8::from(plays(Role::Prime, power.modulus)));
            }
        }
    }

    fn bytes_of(actor: [u64; 2]) -> [u8; 16] {
        let mut bytes = [0; 16];
        to_be_bytes(&actor, &mut bytes);
        bytes
    }

    #[test]
    fn the_search_ends_if_miller_rabin_rejects_everything() {
        let drawn = Cell::new(0);
        let composites = (0..).map(|i| {
            drawn.set(drawn.get() + 1);
            bytes_of(actor(Role::FailsMillerRabin, i))
        });
        let backend = Script::<1> { powers: &Cell::new(0) };
        let error = find(&mut Components::<2>::new(128), &mut Replay(composites), &mut bases(), backend).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenRandomness);
        // One more than 15 nlen.
        assert_eq!(drawn.get(), 15 * 256 + 1);
    }

    #[test]
    fn a_key_that_the_hardware_miscalculates_is_rejected() {
        let primes = [0, 1].map(|i| bytes_of(actor(Role::Prime, i)));
        let backend = Script::<1> { powers: &Cell::new(0) };
        let error =
            find(&mut Components::<2>::new(128), &mut Replay(primes.iter()), &mut bases(), backend).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InconsistentKey);
    }

    /// The last batch is shorter than the one before, of which nothing is returned again.
    #[test]
    fn each_number_that_passes_is_returned_once_and_in_order() {
        let roles = (0..MAX_CANDIDATE_LANES).map(|_| Role::Prime).chain([Role::FailsTheScreen, Role::Prime]);
        let actors: Vec<_> = roles.zip(0..).map(|(role, i)| (role, actor(role, i))).collect();
        let mut source = Replay(actors.iter().map(|(_, actor)| bytes_of(*actor)));
        let backend = Script::<MAX_CANDIDATE_LANES> { powers: &Cell::new(0) };
        let mut search = Search::<_, _, 2>::new(128, &mut source, backend);
        let mut number = [0; 2];
        for (_, expected) in actors.iter().filter(|(role, _)| *role == Role::Prime) {
            search.next(1000, &mut number).unwrap();
            assert_eq!(number, *expected);
        }
        assert_eq!(search.next(1000, &mut number).unwrap_err().kind(), ErrorKind::BrokenRandomness);
    }

    /// In addition to the three exponentiations for qInv and the signature.
    #[test]
    fn each_number_gets_the_rounds_of_its_size() {
        fn rounds<const L: usize>(bits: usize) -> usize {
            let powers = Cell::new(0);
            let numbers = [0, 2].map(|i| {
                let mut number = [u64::MAX; L];
                number[0] -= i;
                number
            });
            let mut components = Components::new(bits);
            complete::<Replay<core::iter::Empty<[u8; 0]>>, _, L>(
                &mut components,
                &numbers[0],
                &numbers[1],
                &mut bases(),
                Script::<1> { powers: &powers },
            );
            powers.get()
        }
        assert_eq!([rounds::<16>(1024), rounds::<24>(1536), rounds::<32>(2048)], [3 + 2 * 5, 3 + 2 * 4, 3 + 2 * 4]);
    }

    #[test]
    fn the_message_is_random_and_below_every_prime() {
        let mut rng = bases();
        for bits in [504, 512] {
            let (message, other) = (message::<8>(bits, &mut rng), message::<8>(bits, &mut rng));
            assert_ne!(message, other);
            // It has the bytes below the first one of a prime.
            for message in [message, other] {
                let mut bytes = [0; 64];
                to_be_bytes(&*message, &mut bytes);
                let first = bytes.iter().position(|byte| *byte != 0).unwrap();
                assert!((65 - bits / 8..66 - bits / 8 + 2).contains(&first), "{bits} bits: {first}");
            }
        }
    }

    #[test]
    fn a_key_with_any_bit_flipped_is_not_consistent() {
        let primes = primes(2);
        let mut sound = find_in(&primes).unwrap();
        let message = message(512, &mut bases());
        let consistent = |components: &Components<8>| {
            let mut powers = components.powers();
            components.put_bases(&mut powers, &message);
            Portable.power(512, &mut powers);
            bool::from(components.consistent(&message, [&powers[1].value, &powers[2].value]))
        };
        assert!(consistent(&sound));
        type Number = fn(&mut Components<8>) -> &mut [u64; 8];
        let numbers: [Number; 7] = [
            |key| &mut key.modulus[0],
            |key| &mut key.modulus[1],
            |key| &mut key.private_exponent[0],
            |key| &mut key.private_exponent[1],
            |key| &mut key.exponent_p,
            |key| &mut key.exponent_q,
            |key| &mut key.coefficient,
        ];
        for bit in (0..512).step_by(7) {
            for (i, number) in numbers.iter().enumerate() {
                number(&mut sound)[bit / 64] ^= 1 << (bit % 64);
                assert!(!consistent(&sound), "bit {bit} of number {i}");
                number(&mut sound)[bit / 64] ^= 1 << (bit % 64);
            }
        }
        assert!(consistent(&sound));
    }

    #[test]
    fn numbers_that_are_right_but_not_reduced_are_seen() {
        let mut sound = find_in(&primes(2)).unwrap();
        let message = message(512, &mut bases());
        let mut powers = sound.powers();
        sound.put_bases(&mut powers, &message);
        Portable.power(512, &mut powers);
        let [signed_p, signed_q] = [powers[1].value, powers[2].value];
        drop(powers);
        assert!(bool::from(sound.consistent(&message, [&signed_p, &signed_q])));
        sound.add_lambda_to_private_exponent();
        assert!(!bool::from(sound.consistent(&message, [&signed_p, &signed_q])));
    }

    #[test]
    fn a_power_that_went_wrong_is_seen() {
        let components = find_in(&primes(2)).unwrap();
        let message = message(512, &mut bases());
        let mut powers = components.powers();
        components.put_bases(&mut powers, &message);
        Portable.power(512, &mut powers);
        for i in [1, 2] {
            powers[i].value[3] ^= 1 << 17;
            assert!(!bool::from(components.consistent(&message, [&powers[1].value, &powers[2].value])));
            powers[i].value[3] ^= 1 << 17;
        }
    }

    #[test]
    fn a_small_private_exponent_is_seen() {
        let mut components = find_in(&primes(2)).unwrap();
        assert!(bool::from(components.private_exponent_is_large()));
        components.private_exponent = [[u64::MAX; 8], [0; 8]];
        assert!(!bool::from(components.private_exponent_is_large()));
        components.private_exponent = [[0; 8], [1, 0, 0, 0, 0, 0, 0, 0]];
        assert!(!bool::from(components.private_exponent_is_large()), "2^512 itself");
        components.private_exponent[0][0] = 1;
        assert!(bool::from(components.private_exponent_is_large()));
    }

    /// `.ci/ctgrind` runs this under memcheck, and fails if memcheck finds anything.
    #[cfg(ssh_keypair_ctgrind)]
    #[test]
    fn no_branch_and_no_index_depends_on_a_prime() {
        use crate::kernels::cpu::{Instructions, with_instructions};
        // Memcheck emulates each fused multiply-add by a call, so one size must do for AVX2, whose code is the same for all.
        for (instructions, sizes) in [(Instructions::Portable, &[2048, 2064, 4096][..]), (Instructions::Avx2, &[2048])]
        {
            with_instructions(instructions, || {
                for bits in sizes {
                    RsaPrivateKey::generate(*bits).unwrap();
                    let mut seed = *b"sixteen bytes...";
                    classify(&mut seed);
                    RsaPrivateKey::from_seed(*bits, &seed).unwrap();
                }
            });
        }
    }

    /// The negative control: a branch depends on a candidate modulo 8, so memcheck must report it.
    #[cfg(ssh_keypair_ctgrind)]
    #[test]
    fn a_branch_on_a_candidate() {
        let mut rng = HmacDrbg::new(&[b"candidates"]);
        let mut source = Wheel::<_, 8>::new(512, &mut rng);
        let mut candidate = [0; 8];
        source.next(&mut candidate).unwrap();
        classify(&mut candidate);
        if candidate[0] & 7 == 1 {
            std::println!("1 modulo 8");
        }
    }

    /// `.ci/trace` runs the tests of this module.
    #[cfg(all(ssh_keypair_ctgrind, target_os = "linux", target_arch = "x86_64"))]
    mod steps {
        use super::*;
        use crate::kernels::steps::same_steps;
        use core::hint::black_box;

        /// Checks that the steps do not depend on the secret, and prints how many there are.
        fn steps<T>(what: &str, secrets: [T; 3], work: impl Fn(&T)) {
            match same_steps(secrets, work) {
                Ok(count) => std::println!("{what}: {count} equal steps"),
                Err(step) => panic!("{what}: the steps differ from step {step} on"),
            }
        }

        fn keys() -> [RsaPrivateKey; 3] {
            [b"the first seed..", b"the second seed.", b"the third seed.."]
                .map(|seed| RsaPrivateKey::from_seed(2048, seed).unwrap())
        }

        fn prime(key: &RsaPrivateKey) -> [u64; 16] {
            let mut prime = [0; 16];
            from_be_bytes(key.prime_p(), &mut prime);
            prime
        }

        /// As many odd numbers as fit side by side. They have 16 bits, so that an exponentiation is short: a longer number
        /// repeats the same work for each bit. Each set has its primes in different lanes.
        fn numbers(set: u64) -> [[u64; 16]; MAX_CANDIDATE_LANES] {
            core::array::from_fn(|lane| {
                let mut number = [0; 16];
                number[0] = 65_535 - 2 * (13 * set + lane as u64);
                number
            })
        }

        #[test]
        fn primes_need_the_same_steps_on_the_best_backend() {
            on_best_backend!(backend => lanes_need_the_same_steps(backend));
        }

        #[test]
        #[ignore = "takes a minute, and more in some virtual machines"]
        fn primes_need_the_same_steps_on_every_backend() {
            on_every_backend!(backend => lanes_need_the_same_steps(backend));
        }

        fn lanes_need_the_same_steps<B: Backend>(backend: B) {
            let name = core::any::type_name::<B>().rsplit("::").next().unwrap();
            steps(&std::format!("{name}, sieve"), keys().each_ref().map(prime), |prime| {
                assert!(!backend.has_small_factor(prime));
            });
            let sets = || [1, 2, 3].map(numbers);
            steps(&std::format!("{name}, screen"), sets(), |candidates| {
                let mut passed = [Choice::from(0); MAX_CANDIDATE_LANES];
                backend.euler_base_2(16, &candidates[..B::LANES], &mut passed);
                black_box(passed);
            });
            // Rounds of Miller-Rabin: the exponents and the number of factors of 2 in n-1 differ, too.
            steps(&std::format!("{name}, witnesses"), sets(), |numbers| {
                let tested = numbers.each_ref().map(Tested::new);
                let mut powers = tested.each_ref().map(Tested::round);
                for (power, number) in powers.iter_mut().zip(numbers) {
                    power.value[0] = number[0] / 3;
                }
                backend.power(16, &mut powers[..B::LANES]);
                black_box(powers.each_ref().map(primality::passed));
            });
        }

        /// The whole generation on the best backend, given two primes: the screen, all rounds, the numbers of the key, and the
        /// check that they are consistent.
        #[test]
        #[ignore = "takes minutes, and more in some virtual machines"]
        fn keys_need_the_same_steps() {
            let candidates = keys().map(|key| [key.prime_p().to_vec(), key.prime_q().to_vec()]);
            steps("a key", candidates, |candidates| {
                black_box(RsaPrivateKey::replay(2048, candidates).unwrap());
            });
        }
    }
}
