//! The JSON body of a call, gathered from what its statements take of it.

use crate::plan::{BodyKind, BodyMember, SqlBody};
use crate::sql::Type;

/// The members in the making.
#[derive(Debug, Default)]
pub(super) struct Body {
    members: Vec<BodyMember>,
}

impl Body {
    /// Adds a member; the index of the name that is a value and an object at once, where
    /// there is one.
    pub(super) fn add(&mut self, path: &[&str], ty: &Type, required: bool) -> Result<(), usize> {
        let mut members = &mut self.members;
        for (depth, name) in path.iter().enumerate() {
            let last = depth + 1 == path.len();
            let at = members.iter().position(|member| *member.name == **name);
            let at = at.unwrap_or_else(|| {
                members.push(BodyMember {
                    name: (*name).into(),
                    required: false,
                    nullable: true,
                    kind: if last {
                        BodyKind::Value(ty.clone())
                    } else {
                        BodyKind::Object(Vec::new())
                    },
                });
                members.len() - 1
            });
            let member = &mut members[at];
            member.required |= required;
            member.nullable = !member.required;
            members = match (&mut member.kind, last) {
                (BodyKind::Value(known), true) => {
                    if *known == Type::Dynamic {
                        *known = ty.clone();
                    }
                    return Ok(());
                }
                (BodyKind::Object(inner), false) => inner,
                _ => return Err(depth),
            };
        }
        Ok(())
    }

    /// The body; `None` where nothing is taken of it.
    pub(super) fn finish(self) -> Option<SqlBody> {
        (!self.members.is_empty()).then_some(SqlBody { members: self.members })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_members_are_objects() {
        let mut body = Body::default();
        assert_eq!(body.add(&["note"], &Type::Int4, false), Ok(()));
        assert_eq!(body.add(&["address", "street"], &Type::Int4, false), Ok(()));
        assert_eq!(body.add(&["address", "zip"], &Type::Int4, true), Ok(()));
        assert_eq!(body.add(&["note", "x"], &Type::Int4, false), Err(0));
        assert_eq!(body.add(&["address"], &Type::Int4, true), Err(0));
        let members = body.finish().unwrap().members;
        assert!(!members[0].required && members[0].nullable);
        assert!(members[1].required && !members[1].nullable);
        let BodyKind::Object(address) = &members[1].kind else { panic!() };
        assert_eq!((address[0].required, address[1].required), (false, true));
    }
}
