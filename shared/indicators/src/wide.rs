//! Loops over whole slices, with the widest vectors that the processor has.

#[cfg(target_arch = "x86_64")]
use fearless_simd::{Level, Simd};

/// Runs a loop that goes through several values at a time: on x86-64, where that is two for any processor, four where this one can. Each value comes to
/// be by the same operations in the same order, so that it is the same to the bit. What the loop calls must be inlined into it.
#[inline(always)]
pub(crate) fn wide<T>(run: impl FnOnce() -> T) -> T {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = Level::new().as_avx2() {
        return avx2.vectorize(run);
    }
    run()
}
