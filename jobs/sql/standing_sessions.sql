-- Which of these sessions stand: somebody is still logged in by them.
SELECT session_key FROM django_session WHERE session_key = ANY(%(sessions)s) AND expire_date > now();
