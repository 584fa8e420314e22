create table if not exists orders (
  id bigint auto_increment primary key,
  reference varchar(64) character set ascii collate ascii_bin not null unique,
  cents bigint not null
);
