-- Notes a request under its key. A request under the same key that is being answered at this moment is waited for:
-- no row then, nor when it was answered before.
INSERT INTO kept_answers (user_id, key, fingerprint)
VALUES (%(user)s, %(key)s, %(fingerprint)s)
ON CONFLICT (user_id, key) DO NOTHING
RETURNING id;
