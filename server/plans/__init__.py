"""Plans at the office: area and years, targets, kinds, periods, and by when which report is due."""
