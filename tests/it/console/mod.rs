//! The operators' console, over a real listener, and in a real browser.

mod browser;
mod doors;
mod metrics;
mod moving;
mod pages;
mod rig;
mod serving;
mod webdriver;
