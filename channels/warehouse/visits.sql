-- What the owner of the warehouse creates once; PostgreSQL and SQLite take it alike.
create table if not exists visits (
  message varchar(64) primary key,    -- the engine's id of the message: a repeat changes nothing
  patient varchar(32) not null,       -- a random token, the same for the same patient in this warehouse alone
  visit_year integer not null,
  birth_year integer,
  sex varchar(1),
  zip3 varchar(3)
);
