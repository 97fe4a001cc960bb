-- Who of these people may come in, and as what: a row for each of their roles, and one for who has none.
SELECT person.id, person.password, membership.company_id, membership.role
FROM accounts_user person
LEFT JOIN accounts_membership membership ON membership.user_id = person.id
WHERE person.id = ANY(%(people)s) AND person.is_active;
