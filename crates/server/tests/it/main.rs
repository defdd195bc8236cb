//! The service over a real socket, as browsers, programs and strangers reach it.

mod client;
mod content;
mod end;
mod events;
mod login;
mod matrix;
mod openapi;
mod operations;
mod page;
mod projects;
mod services;
mod support;
