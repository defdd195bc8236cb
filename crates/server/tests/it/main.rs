//! The service over a real socket, as browsers, programs and strangers reach it.

mod client;
mod end;
mod events;
mod login;
mod matrix;
mod operations;
mod page;
mod projects;
mod services;
mod support;
