// What a page knows of the jobs: only news that is newer counts, in whichever order it comes.

export class KnownJobs {
  #jobs = new Map();

  /** Take a job in; say whether it was news, and what was known before. */
  learn(job) {
    const before = this.#jobs.get(job.id);
    if (before && before.version >= job.version) return { isNews: false, before };
    this.#jobs.set(job.id, job);
    return { isNews: true, before };
  }

  /** A snapshot names every unfinished job: what was unfinished and is missing in it is forgotten. */
  forgetUnfinishedBut(jobs) {
    const named = new Set(jobs.map((job) => job.id));
    for (const [id, job] of this.#jobs) {
      if (!isFinal(job) && !named.has(id)) this.#jobs.delete(id);
    }
  }

  running() {
    return [...this.#jobs.values()].filter((job) => job.status === "processing");
  }
}

export function isFinal(job) {
  return !["pending", "processing"].includes(job.status);
}
