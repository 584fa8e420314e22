create sequence if not exists reading_id;

create table if not exists reading (
  id bigint primary key,
  sensor text not null,
  time timestamptz not null,
  value float8 not null
);
