"""What the office does with received visits: the queue, the page of one visit, comments, duties of teams."""
