use ssh_keypair::*;
use std::time::*;
fn main(){ for (bits,n) in [(2048,100),(3072,30),(4096,15)] { let t=Instant::now(); for _ in 0..n { let k=RsaPrivateKey::generate(bits).unwrap(); std::hint::black_box(&k);} println!("{bits} {:?}", t.elapsed()/n); } }
