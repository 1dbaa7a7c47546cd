use super::*;

/// The text as it is sent, and the names of its parameters.
fn check(dialect: Dialect, base: &str, expected: &str, parameters: &[&str]) {
    let statement = made(dialect, &of(base));
    assert_eq!(&*statement.assemble(Choice::default()).text, expected);
    assert_eq!(statement.parameters(), parameters, "{base}");
}

fn postgres(base: &str, expected: &str, parameters: &[&str]) {
    check(Dialect::Postgres, base, expected, parameters);
}

fn sqlite(base: &str, expected: &str, parameters: &[&str]) {
    check(Dialect::Sqlite, base, expected, parameters);
}

/// In both dialects the text stays as it is.
fn untouched(base: &str) {
    for dialect in DIALECTS {
        check(dialect, base, base, &[]);
    }
}

#[test]
fn a_parameter_becomes_a_placeholder_and_keeps_its_number() {
    postgres("select :a, :b, :a", "select $1, $2, $1", &["a", "b"]);
    sqlite("select :a, :b, :a", "select ?1, ?2, ?1", &["a", "b"]);
    postgres("select (:_x1)+:X", "select ($1)+$2", &["_x1", "X"]);
    postgres("select a=:a and:b", "select a=$1 and $2", &["a", "b"]);
    sqlite("select:a", "select ?1", &["a"]);
    postgres("select $:a:b", "select $ $1 $2", &["a", "b"]);
}

#[test]
fn quotes_and_comments_hold_no_parameters() {
    untouched("select ':a', ''':a', ':a''', ''");
    untouched("select \":a\", \"x\"\":a\" from t");
    untouched("select 1 -- :a ' \" (\n, 2 /* :b ' ( */");
    untouched("select '--', '/*', 1 as \"/*\"");
    untouched("/* :a */ select 1 - -1, 4 / 2");
    postgres("select '/*' || :a || '*/'", "select '/*' || $1 || '*/'", &["a"]);
    sqlite("select '\\', :a", "select '\\', ?1", &["a"]);
}

#[test]
fn strings_of_postgres_end_where_its_own_lexer_ends_them() {
    let same = |text: &str| postgres(text, text, &[]);
    same(r"select e'\':a', E'\\', E'a'':a'");
    same("select E'a'\n  'it\\'s :a'");
    same("select E'a' -- ' :x\n -- '\n'\\' :a'");
    same("select U&'d\\0061t :a', U&\"d :a\", x'1F', b'01', N':a'");
    same("select $$:a $x$ ' \" $$, $t$ :a $$ $T$ $t$, $_ä1$ :a $_ä1$");
    same("select a$b$c, x$ from t");
    same("/* outer /* inner */ :a */ select 1");
    postgres(r"select '\', :a", r"select '\', $1", &["a"]);
    postgres(r"select E'a' '\', :a, ''", r"select E'a' '\', $1, ''", &["a"]);
    postgres(r"select ae'\', :a", r"select ae'\', $1", &["a"]);
    postgres("select $a$ $b$a$, :x", "select $a$ $b$a$, $1", &["x"]);
    postgres("select 1--:a\r,:b", "select 1--:a\r,$1", &["b"]);
    postgres("select $ $, :a", "select $ $, $1", &["a"]);
}

#[test]
fn sqlite_has_its_own_quotes_and_comments_that_do_not_nest() {
    sqlite("select [:a], `:b`, `x``:c`, :d", "select [:a], `:b`, `x``:c`, ?1", &["d"]);
    sqlite("select [it's], :d", "select [it's], ?1", &["d"]);
    sqlite("/* /* */ select :a", "/* /* */ select ?1", &["a"]);
    sqlite("select 1--:a\r,:b\n,:c", "select 1--:a\r,:b\n,?1", &["c"]);
    sqlite("select e'\\', :a", "select e'\\', ?1", &["a"]);
    sqlite("select j->'$.a' ->> :p", "select j->'$.a' ->> ?1", &["p"]);
}

#[test]
fn colons_of_postgres_are_no_parameters() {
    let same = |text: &str| postgres(text, text, &[]);
    same("select a::int, '1'::text::date, x :: \"T\"");
    same("call p(a := 1, b:=2)");
    same("select a[1:2], a[:2], a[1:], a[:], a[1 : 2], a[lo:hi], a[\"x\":y], a[f(1):n], a['1':b]");
    same("select j @? '$.a[*] ? (@ > :x)', j ? 'a', j ?| array['a'], j ?& array['b'], j ?1");
    same("select json_object('k':v, 'l' : w), JSON_OBJECTAGG(k:v)");
    postgres("call p(a := :a, b=>:b)", "call p(a := $1, b=>$2)", &["a", "b"]);
    postgres("select :a::int, x:::b", "select $1::int, x::$2", &["a", "b"]);
    postgres("select a[:n], a[1: :n]", "select a[$1], a[1: $1]", &["n"]);
    postgres("select a[:lo:hi]", "select a[$1:hi]", &["lo"]);
    postgres("select array[:a, 1+:b,(:c)]", "select array[$1, 1+$2,($3)]", &["a", "b", "c"]);
    postgres("select a[case when x then :a end]", "select a[case when x then $1 end]", &["a"]);
    postgres(
        "select a[(select n from t where x=:x)]",
        "select a[(select n from t where x=$1)]",
        &["x"],
    );
    postgres("select json_object('k': :v)", "select json_object('k': $1)", &["v"]);
}

#[test]
fn a_backslash_makes_a_colon_plain() {
    postgres(r"select a[\:n], ':'", "select a[:n], ':'", &[]);
    postgres(r"select \:a, :a", "select :a, $1", &["a"]);
    postgres(r"select '\:a'", r"select '\:a'", &[]);
}
