"""The pages under /phan-cong: who goes where, the proposed list of a year, the weights it is ranked by."""
