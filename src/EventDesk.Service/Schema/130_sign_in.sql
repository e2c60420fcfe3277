-- When sessions were last used, to a minute or so: not worth an event each, and gone with the database they only lengthen nothing.
create table session_seen (
  session uuid primary key,
  seen timestamptz not null
);

-- Sign-ins under way: a browser was sent to the sign-in provider and has not come back yet. Each is used once; kept for minutes.
create table sign_in_attempt (
  state bytea primary key,          -- SHA-256 of what the provider hands back
  browser bytea not null,           -- SHA-256 of what the browser's cookie holds
  nonce text not null,
  verifier text not null,           -- PKCE (RFC 7636)
  return_to text not null,
  expires timestamptz not null
);
create index sign_in_attempt_expires on sign_in_attempt (expires);

-- Logout tokens that were taken: each counts once (OpenID Connect Back-Channel Logout 1.0, section 2.6).
create table logout_token_seen (
  jti bytea primary key,            -- SHA-256 of issuer and jti
  expires timestamptz not null
);
create index logout_token_seen_expires on logout_token_seen (expires);
