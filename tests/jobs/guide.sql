-- The SQL of the background processing testing guide, statement by statement as it stands there.
-- Its `\i` of a schema file is psql's, not SQL; 'your-user-id' is the guide's placeholder for a user's id.

SELECT * FROM background_jobs LIMIT 1;
SELECT * FROM job_queue LIMIT 1;
-- Check jobs are created
SELECT job_type, status, created_at 
FROM background_jobs 
WHERE user_id = 'your-user-id'
ORDER BY created_at DESC;
-- Check job processing
SELECT job_type, status, progress_percentage, output_data
FROM background_jobs 
WHERE status IN ('processing', 'completed')
ORDER BY started_at DESC;
-- Check failed jobs
SELECT job_type, status, retry_count, error_data
FROM background_jobs 
WHERE status = 'failed'
ORDER BY completed_at DESC;
-- Check cancelled jobs
SELECT job_type, status, completed_at
FROM background_jobs 
WHERE status = 'cancelled'
ORDER BY completed_at DESC;
-- Monitor job processing times
SELECT 
  job_type,
  AVG(EXTRACT(EPOCH FROM (completed_at - started_at))) as avg_duration_seconds,
  COUNT(*) as job_count
FROM background_jobs 
WHERE completed_at IS NOT NULL
GROUP BY job_type;
-- Check for stuck jobs
SELECT * FROM background_jobs 
WHERE status = 'pending' 
  AND created_at < NOW() - INTERVAL '10 minutes';
-- Check failed jobs
SELECT job_type, error_data, retry_count
FROM background_jobs 
WHERE status = 'failed' 
  AND retry_count >= max_retries;
SELECT * FROM job_queue ORDER BY priority, created_at;
SELECT * FROM background_jobs 
WHERE status = 'processing'
ORDER BY started_at;
-- Delete jobs older than 30 days
DELETE FROM background_jobs 
WHERE completed_at < NOW() - INTERVAL '30 days'
  AND status IN ('completed', 'failed', 'cancelled');
