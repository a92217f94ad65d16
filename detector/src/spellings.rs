//! All spellings of a word from one row of a table: 「(個人|患者)情報」, 「問い?合わせ」.

/// All surfaces of a row, some perhaps twice: `(a|b|)` stands for each alternative, `?` makes what stands before it optional, `\` takes
/// the next character as it is.
pub(crate) fn expand(spec: &str) -> Result<Vec<String>, String> {
    let chars: Vec<char> = spec.chars().collect();
    let mut at = 0;
    let all = alternatives(&chars, &mut at)?;
    match at == chars.len() {
        true => Ok(all),
        false => Err(format!("`{spec}`: a bracket closes that was not opened")),
    }
}

fn alternatives(chars: &[char], at: &mut usize) -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    loop {
        all.extend(sequence(chars, at)?);
        if *at < chars.len() && chars[*at] == '|' {
            *at += 1;
        } else {
            return Ok(all);
        }
    }
}

fn sequence(chars: &[char], at: &mut usize) -> Result<Vec<String>, String> {
    // What may stand at each place, one after the other.
    let mut parts: Vec<Vec<String>> = Vec::new();
    while *at < chars.len() && !matches!(chars[*at], '|' | ')') {
        let mut part = match chars[*at] {
            '(' => {
                *at += 1;
                let inner = alternatives(chars, at)?;
                if chars.get(*at) != Some(&')') {
                    return Err(format!("`{}`: a bracket is not closed", chars.iter().collect::<String>()));
                }
                inner
            }
            '\\' => {
                *at += 1;
                vec![chars.get(*at).ok_or("a `\\` at the end")?.to_string()]
            }
            c if "*+{}[]^$".contains(c) => return Err(format!("`{}`: `{c}` has no meaning here", chars.iter().collect::<String>())),
            c => vec![c.to_string()],
        };
        *at += 1;
        if chars.get(*at) == Some(&'?') {
            *at += 1;
            part.push(String::new());
        }
        match (parts.last_mut().map(Vec::as_mut_slice), &part[..]) {
            (Some([before]), [only]) => before.push_str(only),
            _ => parts.push(part),
        }
    }
    let mut all = Vec::with_capacity(parts.iter().map(Vec::len).product());
    join(&parts, &mut String::new(), &mut all);
    Ok(all)
}

/// Adds every choice of one word from each part, after what stands before them.
fn join(parts: &[Vec<String>], head: &mut String, all: &mut Vec<String>) {
    let Some((part, rest)) = parts.split_first() else { return all.push(head.clone()) };
    let length = head.len();
    for word in part {
        head.push_str(word);
        join(rest, head, all);
        head.truncate(length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_expand_to_every_spelling() {
        assert_eq!(expand("(a|b|)c").unwrap(), ["ac", "bc", "c"]);
        assert_eq!(expand("お?問い?合わせ(番号)?").unwrap().len(), 8);
        assert_eq!(expand(r"\(x\)").unwrap(), ["(x)"]);
        for bad in ["(a", "a)", "a*", "a[b]", "\\"] {
            assert!(expand(bad).is_err(), "{bad}");
        }
    }
}
