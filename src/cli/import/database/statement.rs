//! Statements as a person would write them.

/// Characters of a line of a statement.
const LINE_CHARS_MAX: usize = 88;

/// `head a, b, c`, broken where a line is full.
pub fn listed(head: &str, items: &[String], tail: &str) -> String {
    let indent = " ".repeat(head.chars().count() + 1);
    let mut lines = vec![head.to_owned()];
    let last = items.len().saturating_sub(1);
    let mut room = false;
    for (at, item) in items.iter().enumerate() {
        let item = format!("{item}{}", if at == last { tail } else { "," });
        match lines.last_mut() {
            Some(line) if !room || fits(line, &item) => {
                line.push(' ');
                line.push_str(&item);
            }
            _ => lines.push(format!("{indent}{item}")),
        }
        room = true;
    }
    lines.join("\n")
}

fn fits(line: &str, item: &str) -> bool {
    line.chars().count() + 1 + item.chars().count() <= LINE_CHARS_MAX
}

/// Items in parentheses, broken where a line is full.
pub fn enclosed(head: &str, items: &[String]) -> String {
    let Some((first, rest)) = items.split_first() else { return format!("{head} ()") };
    let mut all = vec![format!("({first}")];
    all.extend(rest.iter().cloned());
    listed(head, &all, ")")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_broken() {
        let few = ["a".to_owned(), "b".to_owned()];
        assert_eq!(listed("SELECT", &few, ""), "SELECT a, b");
        assert_eq!(enclosed("VALUES", &few), "VALUES (a, b)");
        let many: Vec<String> = (0..30).map(|n| format!("column_{n}")).collect();
        let text = listed("SELECT", &many, "");
        assert!(text.lines().count() > 3 && text.lines().all(|line| line.len() <= 88), "{text}");
        assert!(text.lines().skip(1).all(|line| line.starts_with("       column_")), "{text}");
    }
}
